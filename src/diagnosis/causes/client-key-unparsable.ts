/** The key file can be read, and no usable key is in it. */
import type { Cause } from '../cause.ts';
import { contentInWords, localConfidence } from '../local-files.ts';

export const clientKeyUnparsable: Cause = {
  code: 'client-key-unparsable',
  title: 'Our key file holds no usable key',
  side: 'delegate',
  documentation:
    'The file can be read, but it holds no private key in PEM that decodes. Common reasons are a secret that was encoded in base64 twice, DER or PKCS#12 in place of PEM, or a file cut short. Export the key again as PEM.',
  explain(situation) {
    const { keyFile: file } = situation.evidence.credential;
    const confidence = localConfidence(situation);
    if (!file || !confidence) return undefined;
    if (file.content === undefined && file.error !== 'TOO_LARGE') return undefined;
    return {
      confidence,
      evidence: [contentInWords('key', file)],
      remedy: 'Export the private key again as PEM (PKCS#8, unencrypted) and replace the file.',
    };
  },
};
