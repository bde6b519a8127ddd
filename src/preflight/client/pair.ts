/** Certificate and key together. */
import { type Check, failed, passed, skipped } from '../check.ts';
import type { ClientSubject } from './client-subject.ts';

export const keyEncrypted: Check<ClientSubject> = {
  code: 'client-key-encrypted',
  title: 'The private key can be opened',
  judge: ({ credential: { key, keyFile, passphraseFile } }) => {
    if (!key) return skipped('No private key could be read.');
    if (keyFile?.content !== undefined) return skipped('The key does not decode.');
    if (!key.encrypted) return passed('It is not encrypted.');
    if (key.passphraseOpensIt === true)
      return passed('It is encrypted, and the passphrase opens it.');
    const isBlank = passphraseFile?.content === 'empty';
    if (passphraseFile && passphraseFile.error !== undefined) {
      return skipped('It is encrypted, and the passphrase file could not be read.');
    }
    if (key.passphraseOpensIt === false || isBlank) {
      return failed(
        'Give the passphrase of this key, or replace the key by one that is not encrypted.',
        isBlank
          ? `The key is encrypted, and ${passphraseFile.path} is empty.`
          : 'The key is encrypted, and the passphrase does not open it.',
      );
    }
    return failed(
      'Decrypt the key (openssl pkcs8 -topk8 -nocrypt), or give its --passphrase-file.',
      `The key is encrypted (${key.label}), and no passphrase is given.`,
    );
  },
};

const mismatchErrors: readonly string[] = [
  'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  'ERR_OSSL_X509_KEY_TYPE_MISMATCH',
];

export const keyMismatch: Check<ClientSubject> = {
  code: 'client-key-mismatch',
  title: 'The private key belongs to the certificate',
  judge: ({ credential, leaf }) => {
    const { keyMatchesCertificate, loadError = '', key } = credential;
    if (keyMatchesCertificate === undefined && !mismatchErrors.includes(loadError)) {
      return skipped('Certificate and key could not both be read.');
    }
    if (keyMatchesCertificate === true) return passed('It is the key of the certificate.');
    const [theirs, ours] = [leaf?.seen.keyAlgorithm, key?.algorithm];
    return failed(
      'Put the certificate and the private key of the same issue together.',
      theirs === ours
        ? 'The key is not the one in the certificate.'
        : `The certificate is for a key of type ${theirs}, and the key is of type ${ours}.`,
      ...(theirs === ours
        ? []
        : ['Many TLS libraries then send no certificate, without an error.']),
    );
  },
};
