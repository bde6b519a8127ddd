/** Whether our own files forbid an attempt: then none is made, and the reason is local. */
import type { CredentialSeen, FileSeen } from './evidence.ts';

/**
 * True when a client certificate is configured but cannot be used for a handshake, or a CA file is given
 * and holds no trust anchor. A certificate that loads but is expired, or for another purpose, is usable:
 * the gateway has the say. False when nothing is configured.
 */
export function isCredentialUnusable(seen: CredentialSeen): boolean {
  return (
    isBroken(seen.certificateFile) ||
    isBroken(seen.keyFile) ||
    isBroken(seen.caFile) ||
    isKeyClosed(seen) ||
    seen.keyMatchesCertificate === false ||
    seen.loadError !== undefined
  );
}

function isBroken(file: FileSeen | undefined): boolean {
  return file?.error !== undefined || file?.content !== undefined;
}

function isKeyClosed({ key }: CredentialSeen): boolean {
  return key?.encrypted === true && key.passphraseOpensIt !== true;
}
