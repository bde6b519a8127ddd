/** Certificate and key together: whether they belong to each other, and what goes on the wire. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { errorCode } from '../base/cannot-run.ts';
import type { Secret } from '../base/secret.ts';
import { seeCertificate } from '../evidence/certificate-seen.ts';
import type { CertificateSeen, CredentialSeen } from '../evidence/evidence.ts';
import type { Certificate } from '../x509/certificate.ts';
import { buildPath } from '../x509/path.ts';
import { toPem } from '../x509/pem.ts';
import { cipherOptions, materialOptions } from './create-context.ts';
import type { CredentialMaterial } from './credential.ts';
import type { CertificateFile } from './read-certificates.ts';
import type { KeyFile } from './read-key.ts';

export interface Pair {
  readonly seen: CredentialSeen;
  /** The certificate that the key belongs to, wherever it stands in the file; else the first that decodes. */
  readonly leaf?: CertificateSeen;
  /** DER of every certificate block, in the order of the file. */
  readonly blocks: readonly Uint8Array[];
  /** Absent when there is no leaf, or no key that opens. */
  readonly material?: CredentialMaterial;
}

export function joinPair(
  certificateFile: CertificateFile,
  keyFile: KeyFile,
  passphrase: Secret | undefined,
  tryPair: (material: CredentialMaterial) => string | undefined,
): Pair {
  const { blocks, certificates } = certificateFile;
  const { key, opened } = keyFile;
  const leaf = findLeaf(certificates, opened?.object);
  const material = leaf && opened && toMaterial(certificates, leaf, opened.pem, passphrase);
  const matches = leaf && opened && isKeyOf(leaf, opened.object);
  const loadError = material && tryPair(material);
  const chain = blocks.map(seeCertificate);
  const leafSeen = chain.find(({ sha256 }) => sha256 === leaf?.sha256);
  const seen: CredentialSeen = {
    certificateFile: certificateFile.seen,
    keyFile: keyFile.seen,
    ...(chain.length > 0 && { chain }),
    ...(key && { key }),
    ...(matches !== undefined && { keyMatchesCertificate: matches }),
    ...(loadError !== undefined && { loadError }),
  };
  return { seen, blocks, ...(leafSeen && { leaf: leafSeen }), ...(material && { material }) };
}

function findLeaf(
  certificates: readonly Certificate[],
  key: KeyObject | undefined,
): Certificate | undefined {
  const [first] = certificates;
  if (key === undefined) return first;
  return certificates.find((certificate) => isKeyOf(certificate, key) === true) ?? first;
}

/** Undefined when OpenSSL does not read the certificate. A key of another type is simply not its key. */
function isKeyOf({ der }: Certificate, key: KeyObject): boolean | undefined {
  try {
    return new X509Certificate(der).checkPrivateKey(key);
  } catch {
    return undefined;
  }
}

/** As the file stands when the leaf comes first, which is what other clients send; else the path in order, then the rest. */
function toMaterial(
  certificates: readonly Certificate[],
  leaf: Certificate,
  key: Secret,
  passphrase: Secret | undefined,
): CredentialMaterial {
  const sent = certificates[0] === leaf ? certificates : inOrder(certificates, leaf);
  return {
    cert: sent.map(({ der }) => toPem('CERTIFICATE', der)).join(''),
    key,
    ...(passphrase && { passphrase }),
  };
}

function inOrder(certificates: readonly Certificate[], leaf: Certificate): readonly Certificate[] {
  const { path, strays } = buildPath(certificates, leaf);
  return [...path, ...strays];
}

/**
 * OpenSSL's code when it refuses the pair. The context is thrown away: without trust anchors it costs
 * a few tenths of a millisecond once TLS is up, which the probe needs anyway.
 */
export function tryToLoad(
  material: CredentialMaterial,
  ciphers: readonly string[] | undefined,
): string | undefined {
  try {
    createSecureContext({ ...materialOptions(material), ...cipherOptions(ciphers), ca: [] });
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}
