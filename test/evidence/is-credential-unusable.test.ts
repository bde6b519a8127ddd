/** Which of our own faults forbid an attempt, and which leave the say to the gateway. */
import { expect, test } from 'vitest';
import type { CredentialSeen } from '../../src/evidence/evidence.ts';
import { isCredentialUnusable } from '../../src/evidence/is-credential-unusable.ts';

const file = { path: '/etc/mtls/client.crt' };
const pair: CredentialSeen = {
  certificateFile: file,
  keyFile: file,
  key: { label: 'PRIVATE KEY', encrypted: false },
  keyMatchesCertificate: true,
};
const closed = { label: 'ENCRYPTED PRIVATE KEY', encrypted: true };

test.for<[string, CredentialSeen, boolean]>([
  ['nothing configured', {}, false],
  ['a sound pair', pair, false],
  [
    'a certificate that cannot be opened',
    { ...pair, certificateFile: { ...file, error: 'EACCES' } },
    true,
  ],
  [
    'a certificate that does not decode',
    { ...pair, certificateFile: { ...file, content: 'der' } },
    true,
  ],
  ['a key that is not there', { ...pair, keyFile: { ...file, error: 'ENOENT' } }, true],
  ['a key that is no key', { ...pair, keyFile: { ...file, content: 'wrong-block' } }, true],
  ['a CA file without certificates', { caFile: { ...file, content: 'empty' } }, true],
  ['a key of another certificate', { ...pair, keyMatchesCertificate: false }, true],
  ['a pair that OpenSSL refuses', { ...pair, loadError: 'ERR_SSL_EE_KEY_TOO_SMALL' }, true],
  ['an encrypted key without a passphrase', { ...pair, key: closed }, true],
  [
    'an encrypted key and a wrong passphrase',
    { ...pair, key: { ...closed, passphraseOpensIt: false } },
    true,
  ],
  ['an encrypted key that opens', { ...pair, key: { ...closed, passphraseOpensIt: true } }, false],
  [
    'a missing passphrase file that nothing needs',
    { ...pair, passphraseFile: { ...file, error: 'ENOENT' } },
    false,
  ],
])('%s', ([, seen, expected]) => {
  expect(isCredentialUnusable(seen)).toBe(expected);
});
