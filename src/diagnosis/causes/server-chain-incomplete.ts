/** The server sent its certificate without the intermediates above it. */
import type { Cause } from '../cause.ts';
import { countInWords, leafInWords, untrustedServer, verdictInWords } from '../server-trust.ts';

export const serverChainIncomplete: Cause = {
  code: 'server-chain-incomplete',
  title: 'The gateway does not send its intermediate certificate',
  side: 'gateway',
  documentation:
    'The gateway sends one certificate, and what issued it is not among our trust anchors. When that issuer is an intermediate, the gateway should send it too; browsers hide the mistake by fetching it. When the issuer is itself the root, our CA file lacks it. Compare the issuer with the CA file.',
  explain({ evidence, baseline }) {
    const server = untrustedServer(
      evidence,
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_GET_ISSUER_CERT',
    );
    if (!server?.leaf || server.certificates.length !== 1) return undefined;
    const before = baseline?.evidence.tls?.serverCertificates ?? [];
    const wasLonger = before.length > 1 && before[0]?.issuer === server.leaf.issuer;
    return {
      confidence: wasLonger ? 'certain' : 'possible',
      evidence: [
        countInWords(server),
        ...(wasLonger ? [`Before, it sent ${before.length} for the same issuer.`] : []),
        leafInWords(server),
        verdictInWords(server),
      ],
      remedy: 'Have the gateway send its intermediate certificates after its own.',
    };
  },
};
