/** Our certificate, key and trust anchors, read once and used whole. */
import type { Secret } from '../base/secret.ts';
import type { ClientCertificateSeen, CredentialSeen } from '../evidence/evidence.ts';

/** A value that is swapped whole, never changed. */
export interface Credential {
  /** What was found in the files, for evidence. */
  readonly seen: CredentialSeen;
  /** The leaf, for evidence. */
  readonly clientCertificate?: ClientCertificateSeen;
  /** What TLS needs, when the files can be used; absent when no certificate is configured or it cannot be used. */
  readonly material?: CredentialMaterial;
  /** DER of every certificate block of the certificate file, in its order; may not decode. */
  readonly chain?: readonly Uint8Array[];
  /** PEM of all trust anchors; absent means the usual ones, which are the system's and Node's own. */
  readonly ca?: string;
}

export interface CredentialMaterial {
  /** PEM, leaf first. */
  readonly cert: string;
  readonly key: Secret;
  readonly passphrase?: Secret;
}
