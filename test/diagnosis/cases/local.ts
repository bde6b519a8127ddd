/** Causes that our own files show. */
import {
  credential,
  evidence,
  ourCertificate,
  refusedWith,
  serverCertificate,
  stoppedLocally,
  unconfigured,
  untrusted,
} from '../../support/evidence.ts';
import type { CauseCase } from './case.ts';

const certificatePath = '/etc/mtls/client.crt';
const keyPath = '/etc/mtls/client.key';
const encryptedKey = { label: 'ENCRYPTED PRIVATE KEY', encrypted: true } as const;

export const localCases: readonly CauseCase[] = [
  {
    code: 'client-certificate-file-missing',
    when: 'the certificate is not mounted',
    look: {
      evidence: stoppedLocally({ certificateFile: { path: certificatePath, error: 'ENOENT' } }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'no certificate is configured at all',
      look: { evidence: unconfigured(refusedWith(116)) },
      instead: 'client-certificate-not-configured',
    },
  },
  {
    code: 'client-certificate-file-missing',
    when: 'the key is not mounted',
    look: { evidence: stoppedLocally({ keyFile: { path: keyPath, error: 'ENOENT' } }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the CA file is the one that is missing',
      look: { evidence: stoppedLocally({ caFile: { path: '/etc/mtls/ca.crt', error: 'ENOENT' } }) },
      instead: 'ca-file-missing',
    },
  },
  {
    code: 'client-certificate-file-unreadable',
    when: 'the key belongs to another user',
    look: {
      evidence: stoppedLocally({
        keyFile: { path: keyPath, error: 'EACCES', mode: '0620', uid: 0, gid: 0 },
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'it can be read and its content is wrong',
      look: { evidence: stoppedLocally({ keyFile: { path: keyPath, content: 'empty' } }) },
      instead: 'client-key-unparsable',
    },
  },
  {
    code: 'client-certificate-file-is-directory',
    when: 'a bind mount made a directory',
    look: {
      evidence: stoppedLocally({ certificateFile: { path: certificatePath, error: 'EISDIR' } }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'a parent of the path is a file',
      look: {
        evidence: stoppedLocally({ certificateFile: { path: certificatePath, error: 'ENOTDIR' } }),
      },
      instead: 'client-certificate-file-missing',
    },
  },
  {
    code: 'client-files-swapped',
    when: 'each file holds what the other should',
    look: {
      evidence: stoppedLocally({
        certificateFile: { path: certificatePath, content: 'wrong-block' },
        keyFile: { path: keyPath, content: 'wrong-block' },
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'only the certificate file holds a key',
      look: {
        evidence: stoppedLocally({
          certificateFile: { path: certificatePath, content: 'wrong-block' },
        }),
      },
      instead: 'client-certificate-unparsable',
    },
  },
  {
    code: 'client-key-encrypted',
    when: 'there is no passphrase',
    look: { evidence: stoppedLocally({ key: encryptedKey }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the passphrase opens it and the gateway accepts us',
      look: {
        evidence: evidence({
          credential: credential({ key: { ...encryptedKey, passphraseOpensIt: true } }),
        }),
      },
      instead: null,
    },
  },
  {
    code: 'client-key-encrypted',
    when: 'the passphrase is wrong',
    look: {
      evidence: stoppedLocally({
        key: { ...encryptedKey, passphraseOpensIt: false },
        keyFile: { path: keyPath, content: 'unparsable' },
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the passphrase file is the one that is missing',
      look: {
        evidence: stoppedLocally({
          key: encryptedKey,
          passphraseFile: { path: '/etc/mtls/pass', error: 'ENOENT' },
        }),
      },
      instead: 'client-certificate-file-missing',
    },
  },
  {
    code: 'client-key-mismatch',
    when: 'the key is of the same type and another',
    look: {
      evidence: stoppedLocally({
        keyMatchesCertificate: false,
        loadError: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the pair belongs together and OpenSSL finds the key too small',
      look: { evidence: stoppedLocally({ loadError: 'ERR_SSL_EE_KEY_TOO_SMALL' }) },
      instead: 'client-certificate-weak',
    },
  },
  {
    code: 'client-key-mismatch',
    when: 'the key is of another type, so that nothing was sent',
    look: {
      evidence: refusedWith(
        116,
        {
          credential: credential({
            keyMatchesCertificate: false,
            key: { algorithm: 'ec', label: 'PRIVATE KEY', encrypted: false },
          }),
        },
        { clientCertificateSent: false },
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the pair belongs together and nothing was sent',
      look: { evidence: refusedWith(116, {}, { clientCertificateSent: false }) },
      instead: 'client-certificate-not-sent',
    },
  },
  {
    code: 'client-certificate-weak',
    when: 'OpenSSL refuses to load a small key',
    look: { evidence: stoppedLocally({ loadError: 'ERR_SSL_EE_KEY_TOO_SMALL' }) },
    confidence: 'certain',
    nearMiss: {
      when: 'OpenSSL refuses it for another reason',
      look: { evidence: stoppedLocally({ loadError: 'ERR_OSSL_ASN1_WRONG_TAG' }) },
      instead: 'client-certificate-unparsable',
    },
  },
  {
    code: 'client-certificate-weak',
    when: 'the gateway says bad_certificate to RSA 1024',
    look: { evidence: refusedWith(42, { clientCertificate: ourCertificate({ keyBits: 1024 }) }) },
    confidence: 'certain',
    nearMiss: {
      when: 'an EC key has few bits, as EC keys do',
      look: {
        evidence: refusedWith(42, {
          clientCertificate: ourCertificate({ keyAlgorithm: 'ec', keyBits: 256 }),
        }),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-unparsable',
    when: 'the secret was encoded twice',
    look: {
      evidence: stoppedLocally({
        certificateFile: { path: certificatePath, content: 'base64-of-pem' },
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the key file is the one encoded twice',
      look: { evidence: stoppedLocally({ keyFile: { path: keyPath, content: 'base64-of-pem' } }) },
      instead: 'client-key-unparsable',
    },
  },
  {
    code: 'client-key-unparsable',
    when: 'the key is DER',
    look: { evidence: stoppedLocally({ keyFile: { path: keyPath, content: 'der' } }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the key is fine and encrypted',
      look: { evidence: stoppedLocally({ key: encryptedKey }) },
      instead: 'client-key-encrypted',
    },
  },
  {
    code: 'ca-file-missing',
    when: 'the CA file is not mounted',
    look: { evidence: stoppedLocally({ caFile: { path: '/etc/mtls/ca.crt', error: 'ENOENT' } }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the CA file is there and the gateway is signed by another CA',
      look: { evidence: untrusted('SELF_SIGNED_CERT_IN_CHAIN') },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'ca-file-unparsable',
    when: 'the CA file is empty and the gateway is untrusted for it',
    look: {
      evidence: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', [serverCertificate()], {
        credential: credential({ caFile: { path: '/etc/mtls/ca.crt', content: 'empty' } }),
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the CA file is fine',
      look: { evidence: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT') },
      instead: 'server-certificate-self-signed',
    },
  },
];
