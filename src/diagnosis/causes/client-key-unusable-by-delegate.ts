/** The key works here, and the Java delegate cannot load it. */
import type { Cause } from '../cause.ts';
import { delegateKeyFaults } from '../delegate-key.ts';

export const clientKeyUnusableByDelegate: Cause = {
  code: 'client-key-unusable-by-delegate',
  title: 'The Java delegate cannot use our private key',
  side: 'delegate',
  documentation:
    'The key works here and not in the Java delegate, whose loader takes only an RSA key, unencrypted in PKCS#8, and exactly one BEGIN PRIVATE KEY block in the file. Elliptic curve keys, the older RSA PRIVATE KEY blocks, encrypted keys and files with several keys all fail there before anything is dialled. As it says nothing about how the gateway treats us, it is a warning beside an acceptance and only possible beside another failure. Convert the key with openssl pkcs8 -topk8 -nocrypt, and have an RSA certificate issued where the key is of another type.',
  explain({ evidence, outcome }) {
    const faults = delegateKeyFaults(evidence);
    // What fails before our certificate is judged fails for any key.
    if (faults.length === 0 || outcome === 'failed') return undefined;
    const path = evidence.credential.keyFile?.path;
    return {
      confidence: 'possible',
      evidence: [
        ...(path === undefined ? [] : [`The key file is ${path}.`]),
        ...faults,
        'The delegate takes only an RSA key, unencrypted in PKCS#8, alone in its file.',
      ],
      remedy: remedyFor(evidence.credential.key?.algorithm),
    };
  },
};

function remedyFor(algorithm: string | undefined): string {
  return algorithm === undefined || algorithm === 'rsa'
    ? 'Write the key alone into its file as unencrypted PKCS#8: openssl pkcs8 -topk8 -nocrypt.'
    : 'Have a certificate issued for an RSA key, and write that key as unencrypted PKCS#8.';
}
