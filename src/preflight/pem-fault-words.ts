/** Where OpenSSL gives a PEM file up, in words. */
import type { PemFault, PemReason } from '../x509/strict-pem.ts';

export function pemFaultInWords({ block, label, reason }: PemFault, path: string): string {
  if (block === 0) return `OpenSSL finds no certificate in ${path}.`;
  return `OpenSSL gives ${path} up at its block ${block} (${label}), which ${reasons[reason]}.`;
}

const reasons: Readonly<Record<PemReason, string>> = {
  'no-end': 'has no END line of its own',
  'swallows-the-next': 'has no END line of its own, so that it misses the next one',
  'broken-lines': 'is broken by an empty line or by a header',
  'no-base64': 'is not base64',
  'does-not-decode': 'does not decode',
  'no-certificate': 'is no certificate',
};
