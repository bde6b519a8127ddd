/** The gateway asked for a client certificate before and no longer does. */

import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { isHandshakeComplete } from '../reading.ts';
import { answerInWords } from '../refusal.ts';
import { momentOf, nothingOnThisSideChanged } from '../since-baseline.ts';

export const gatewayStoppedRequestingClientCertificate: Cause = {
  code: 'gateway-stopped-requesting-client-certificate',
  title: 'The gateway no longer asks for a client certificate',
  side: 'gateway',
  documentation:
    'The handshake completes without a CertificateRequest, where an earlier, accepted look had one. So the gateway cannot know who we are, and what stands behind it refuses us, usually with 401 or 403. It happens when the mTLS configuration of the gateway fails to load. Reload that configuration.',
  outranks: [
    'gateway-forbids',
    'account-or-token-refused',
    'client-certificate-refused-by-http',
    'gateway-upstream-failed',
    'gateway-internal-error',
    'http-no-answer',
    'websocket-upgrade-refused',
  ],
  explain(situation) {
    const { evidence, baseline } = situation;
    if (!baseline?.evidence.tls?.clientCertificateRequested || !isHandshakeComplete(evidence)) {
      return undefined;
    }
    if (evidence.tls?.clientCertificateRequested !== false) return undefined;
    const answer = decisiveAnswer(evidence);
    const unchanged = nothingOnThisSideChanged(situation);
    return {
      confidence: answer?.verdict === 'rejected' ? 'certain' : 'likely',
      evidence: [
        `At ${momentOf(baseline, evidence)} the gateway asked for a client certificate; now it does not.`,
        ...(answer ? [answerInWords(answer)] : []),
        ...(unchanged ? [unchanged] : []),
      ],
      remedy:
        'Reload the mTLS configuration of the gateway: it must ask for client certificates again.',
    };
  },
};
