/** What can be wrong between a delegate and a gateway, and what each gateway must make of it. */
import type { TlsVersion } from '../../src/config/config.ts';
import type { Outcome } from '../../src/evidence/evidence.ts';

/** Each with what is to be concluded; its column in the table is headed by the short name. */
export const faults = {
  none: { short: 'good', outcome: 'accepted' },
  'no-client-certificate': { short: 'no-cert', outcome: 'rejected' },
  expired: { short: 'expired', outcome: 'rejected' },
  'not-yet-valid': { short: 'not-yet', outcome: 'rejected' },
  'unknown-ca': { short: 'unk-ca', outcome: 'rejected' },
  'wrong-purpose': { short: 'purpose', outcome: 'rejected' },
  'self-signed': { short: 'self-s', outcome: 'rejected' },
  revoked: { short: 'revoked', outcome: 'rejected' },
  'wrong-version': { short: 'version', outcome: 'failed' },
  'no-shared-suite': { short: 'suite', outcome: 'failed' },
  'unknown-name': { short: 'name', outcome: 'failed' },
  'alpn-mismatch': { short: 'alpn', outcome: 'failed' },
} as const satisfies Record<string, { readonly short: string; readonly outcome: Outcome }>;

export type Fault = keyof typeof faults;

export const faultNames = Object.keys(faults) as readonly Fault[];

/** The client offers this version only. */
export const versions: readonly TlsVersion[] = ['1.2', '1.3'];

/** What every server is restricted to, and what a client offers that shares none of it; OpenSSL's names. */
export const serverSuites = {
  tls12: ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES128-GCM-SHA256'],
  tls13: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'],
} as const;
export const foreignSuites = ['TLS_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'];

/** Servers speak this protocol only, and answer to this name only. */
export const serverAlpn = 'http/1.1';
export const foreignAlpn = 'sidelight/0';
export const serverName = 'localhost';
export const foreignName = 'elsewhere.example';
