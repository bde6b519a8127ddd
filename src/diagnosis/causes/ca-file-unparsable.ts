/** The file of trust anchors holds no certificate. */
import type { Cause } from '../cause.ts';
import { contentInWords } from '../local-files.ts';
import { isServerUntrusted, stoppedLocally } from '../reading.ts';

export const caFileUnparsable: Cause = {
  code: 'ca-file-unparsable',
  title: 'The CA file holds no usable certificate',
  side: 'delegate',
  documentation:
    'A file with certificate authorities is configured and can be read, but holds no certificate in PEM that decodes. The gateway cannot be verified as intended. Replace it by the PEM of the CA that issued the gateway its certificate.',
  outranks: [
    'server-issuer-untrusted',
    'server-certificate-self-signed',
    'server-chain-incomplete',
  ],
  explain({ evidence }) {
    const { caFile: file } = evidence.credential;
    if (file?.content === undefined || file.error !== undefined) return undefined;
    if (!stoppedLocally(evidence) && !isServerUntrusted(evidence)) return undefined;
    return {
      confidence: stoppedLocally(evidence) ? 'certain' : 'likely',
      evidence: [contentInWords('CA', file)],
      remedy: `Replace ${file.path} by the PEM of the CA that issued the certificate of the gateway.`,
    };
  },
};
