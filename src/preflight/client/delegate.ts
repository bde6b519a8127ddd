/** What the Java delegate will refuse, where its trust store speaks of one. */
import { keyFaults } from '../../diagnosis/delegate-key.ts';
import { plural } from '../../diagnosis/time.ts';
import type { TrustStoreFault } from '../../evidence/evidence.ts';
import { type Check, failed, passed, skipped, warned } from '../check.ts';
import type { ClientSubject } from './client-subject.ts';

const nobody = 'Nothing speaks of a Java delegate: no --java-truststore is given.';

export const keyUnusableByDelegate: Check<ClientSubject> = {
  code: 'client-key-unusable-by-delegate',
  title: 'The Java delegate can use the private key',
  judge: ({ delegate, credential }) => {
    const faults = keyFaults(credential);
    if (!delegate) {
      return faults.length === 0
        ? skipped(nobody)
        : skipped(nobody, 'Beside one this would fail:', ...faults);
    }
    const { key, keyFile } = credential;
    if (!key || keyFile?.content !== undefined) return skipped('No private key could be read.');
    if (faults.length === 0) return passed('It is an RSA key in PKCS#8, unencrypted and alone.');
    return failed(
      key.algorithm === undefined || key.algorithm === 'rsa'
        ? 'Write the key alone into its file as unencrypted PKCS#8: openssl pkcs8 -topk8 -nocrypt.'
        : 'Have a certificate issued for an RSA key, and write that key as unencrypted PKCS#8.',
      ...faults,
    );
  },
};

const broken: Readonly<Partial<Record<TrustStoreFault, string>>> = {
  damaged: 'It is damaged.',
  'wrong-password': 'The password does not open it, or it was changed.',
  'password-missing': 'It is encrypted, and Java is told no password: it sees an empty store.',
};

export const trustStoreUnusable: Check<ClientSubject> = {
  code: 'java-truststore-unusable',
  title: 'The trust store of the Java delegate can be used',
  judge: ({ delegate }) => {
    const store = delegate?.trustStore;
    if (!store) return skipped(delegate ? 'No trust store is named or found.' : nobody);
    const { file, format = 'unknown', fault, anchors } = store;
    if (file.error !== undefined) return failed(remedy, `${file.path}: ${file.error}`);
    const why = fault && broken[fault];
    if (why !== undefined) return failed(remedy, `${file.path} (${format}): ${why}`);
    if (format === 'pem' || format === 'unknown') {
      return failed(remedy, `${file.path} is no key store that Java reads (${format}).`);
    }
    if (fault !== undefined) {
      return warned(
        'Look into it with keytool -list, beside the delegate.',
        `${file.path} (${format}) could not be looked into here: ${fault}.`,
      );
    }
    if (anchors === 0) return failed(remedy, `${file.path} (${format}) holds no anchor.`);
    return passed(`${file.path} (${format}) holds ${plural(anchors ?? 0, 'anchor')}.`);
  },
};

const remedy = "Give the trust store that the delegate's Java uses, as keytool writes it.";
