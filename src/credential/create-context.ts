/** What TLS needs of us, as one context: the credential and the limits of the handshake. */
import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsConfig, TlsVersion } from '../config/config.ts';
import type { Credential, CredentialMaterial } from './credential.ts';

/**
 * For any number of connections. Without a CA file, the anchors are Node's own, and the system's when
 * Node runs with `--use-system-ca`. Throws OpenSSL's error for limits that it does not know; a credential
 * that does not load has no material, so it never throws for that.
 */
export function createContext(credential: Credential, tls: TlsConfig): SecureContext {
  return createSecureContext({
    minVersion: protocolVersion(tls.minVersion),
    maxVersion: protocolVersion(tls.maxVersion),
    // A peer could keep us renegotiating for ever; TLS 1.3 has done away with it.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ...(tls.groups && { ecdhCurve: tls.groups.join(':') }),
    ...(tls.signatureAlgorithms && { sigalgs: tls.signatureAlgorithms.join(':') }),
    ...cipherOptions(tls.ciphers),
    ...(credential.ca !== undefined && { ca: oneByOne(credential.ca) }),
    ...(credential.material && materialOptions(credential.material)),
  });
}

/** The part of the options that shows a gateway who we are. */
export function materialOptions({
  cert,
  key,
  passphrase,
}: CredentialMaterial): SecureContextOptions {
  return {
    cert,
    key: key.reveal(),
    ...(passphrase && { passphrase: passphrase.reveal() }),
  };
}

export function cipherOptions(ciphers: readonly string[] | undefined): SecureContextOptions {
  return ciphers ? { ciphers: ciphers.join(':') } : {};
}

/** OpenSSL stops reading a text at the first block that does not decode, and the anchors behind it would be lost. */
function oneByOne(ca: string): string[] {
  return ca.split(/(?<=^-----END [A-Z0-9 ]+-----\n)/m);
}

function protocolVersion(version: TlsVersion): 'TLSv1.2' | 'TLSv1.3' {
  return `TLSv${version}`;
}
