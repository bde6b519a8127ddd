/** Certificates that their CA took back, read from a file of revocation lists (PEM) that may change while home runs. */
import { statSync } from 'node:fs';
import { readSmallFile, smallFileBytes } from '../base/read-small-file.ts';
import { readCertificate } from '../x509/certificate.ts';
import { readCrl } from '../x509/crl.ts';
import { readPem } from '../x509/pem.ts';

/** Lists of a large authority. */
const maxBytes = 64 * smallFileBytes;

/** `unknown`: the file cannot be read now, or holds no list; nobody is let in on old knowledge. */
export type Revocation = 'revoked' | 'good' | 'unknown';

/**
 * Whether a certificate is on a list of its issuer's name. The file is the operator's and is trusted as it is: neither
 * its signature nor its next update is judged. Asked anew for every request, so that a connection that is open counts too.
 */
export class Revocations {
  readonly #path: string;
  #revoked: ReadonlySet<string> = new Set();
  #version = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** `key` is `revocationKey` of the certificate. */
  check(key: string): Revocation {
    if (!this.#refresh()) return 'unknown';
    return this.#revoked.has(key) ? 'revoked' : 'good';
  }

  #refresh(): boolean {
    try {
      const { ino, size, ctimeNs } = statSync(this.#path, { bigint: true });
      const version = `${ino} ${size} ${ctimeNs}`;
      if (version === this.#version) return true;
      const revoked = readLists(readSmallFile(this.#path, { maxBytes }).toString());
      if (!revoked) throw new Error('no revocation list');
      this.#revoked = revoked;
      this.#version = version;
      return true;
    } catch {
      this.#version = '';
      return false;
    }
  }
}

/** Issuer and serial number; undefined when the DER is no certificate. */
export function revocationKey(der: Uint8Array): string | undefined {
  const certificate = readCertificate(der);
  return certificate && keyOf(certificate.issuer.der, certificate.serialNumber);
}

function readLists(pem: string): ReadonlySet<string> | undefined {
  const lists = readPem(pem)
    .filter(({ label }) => label === 'X509 CRL')
    .map(({ der }) => readCrl(der));
  if (lists.length === 0 || lists.includes(undefined)) return undefined;
  return new Set(
    lists.flatMap((list) =>
      list ? [...list.revoked.keys()].map((serial) => keyOf(list.issuer.der, serial)) : [],
    ),
  );
}

function keyOf(issuerDer: Uint8Array, serialNumber: string): string {
  return `${Buffer.from(issuerDer).toString('base64')} ${serialNumber}`;
}
