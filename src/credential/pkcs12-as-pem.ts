/** A PKCS#12 archive as the PEM that it would be exported to, its key as encrypted as it was. */
import { createPrivateKey } from 'node:crypto';
import type { Secret } from '../base/secret.ts';
import type { ArchiveFault } from '../evidence/evidence.ts';
import { isPkcs12, toPem } from '../x509/pem.ts';
import { openPkcs12 } from './java/pkcs12.ts';
import type { FileRead } from './read-file.ts';

/**
 * The file itself when it is no such archive, or does not open: then `seen.archive` says why, and its content shows as
 * not PEM. Without a passphrase the empty one is tried, as OpenSSL does. Certificates stand in the order of the archive.
 */
export function pkcs12AsPem(file: FileRead, passphrase: Secret | undefined): FileRead {
  const { octets } = file;
  if (octets === undefined || !isPkcs12(octets)) return file;
  const bags = openPkcs12(octets, passphrase?.reveal() ?? '');
  if (typeof bags === 'string') {
    return { ...file, seen: { ...file.seen, archive: faultOf(bags, passphrase) } };
  }
  const blocks = bags.map(({ certificate, key }) => {
    if (certificate) return toPem('CERTIFICATE', certificate);
    if (!key) return '';
    if (!key.isShrouded) return toPem('PRIVATE KEY', key.der);
    const clear = passphrase ? undefined : openWithNothing(key.der);
    return clear ?? toPem('ENCRYPTED PRIVATE KEY', key.der);
  });
  return { ...file, octets: Buffer.from(blocks.join('')) };
}

type OpeningFault = Extract<ReturnType<typeof openPkcs12>, string>;

function faultOf(fault: OpeningFault, passphrase: Secret | undefined): ArchiveFault {
  if (fault === 'damaged' || fault === 'unsupported-encryption') return fault;
  return passphrase ? 'wrong-passphrase' : 'passphrase-missing';
}

/** PEM of the key where the empty passphrase opens it, which is as good as none. */
function openWithNothing(der: Uint8Array): string | undefined {
  try {
    const input = { key: Buffer.from(der), format: 'der', type: 'pkcs8', passphrase: '' } as const;
    return createPrivateKey(input).export({ format: 'pem', type: 'pkcs8' }).toString();
  } catch {
    return undefined;
  }
}
