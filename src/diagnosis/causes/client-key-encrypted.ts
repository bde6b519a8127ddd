/** The key is encrypted, and what we have does not open it. */
import type { Cause } from '../cause.ts';
import { localConfidence } from '../local-files.ts';

export const clientKeyEncrypted: Cause = {
  code: 'client-key-encrypted',
  title: 'Our private key is encrypted and cannot be opened',
  side: 'delegate',
  documentation:
    'The key file holds an encrypted key, and no passphrase was given or the one given does not open it. A Java delegate cannot use an encrypted key at all. Decrypt the key with openssl pkcs8 -topk8 -nocrypt, or configure the right passphrase file.',
  outranks: ['client-key-unparsable', 'client-certificate-unparsable'],
  explain(situation) {
    const { key, keyFile } = situation.evidence.credential;
    const confidence = localConfidence(situation);
    if (!key?.encrypted || key.passphraseOpensIt === true || !confidence) return undefined;
    const wrong = key.passphraseOpensIt === false;
    return {
      confidence,
      evidence: [
        `The key file ${keyFile?.path ?? ''} holds a block ${key.label}, which is encrypted.`,
        wrong
          ? 'The passphrase that is configured does not open it.'
          : 'No passphrase is configured.',
      ],
      remedy: wrong
        ? 'Configure the passphrase of this key, or replace the key by one that is not encrypted.'
        : 'Decrypt the key (openssl pkcs8 -topk8 -nocrypt), or configure its passphrase file.',
    };
  },
};
