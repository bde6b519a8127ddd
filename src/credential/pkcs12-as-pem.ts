/** A PKCS#12 archive as the PEM that it would be exported to, its key as encrypted as it was. */
import type { Secret } from '../base/secret.ts';
import { isPkcs12, toPem } from '../x509/pem.ts';
import { openPkcs12 } from './java/pkcs12.ts';
import type { FileRead } from './read-file.ts';

/**
 * The file itself when it is no such archive, or the passphrase does not open it, which then shows as content that is
 * not PEM. Certificates stand in the order of the archive.
 */
export function pkcs12AsPem(file: FileRead, passphrase: Secret | undefined): FileRead {
  const { octets } = file;
  if (octets === undefined || passphrase === undefined || !isPkcs12(octets)) return file;
  const bags = openPkcs12(octets, passphrase.reveal());
  if (typeof bags === 'string') return file;
  const blocks = bags.map(({ certificate, key }) => {
    if (certificate) return toPem('CERTIFICATE', certificate);
    return key ? toPem(key.isShrouded ? 'ENCRYPTED PRIVATE KEY' : 'PRIVATE KEY', key.der) : '';
  });
  return { ...file, octets: Buffer.from(blocks.join('')) };
}
