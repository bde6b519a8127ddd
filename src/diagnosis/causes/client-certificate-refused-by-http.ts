/** The gateway let the handshake pass and refused our certificate in its HTTP answer. */
import type { Cause } from '../cause.ts';
import { answerInWords, isCertificateError, isCertificateMissing, refusalOf } from '../refusal.ts';

export const clientCertificateRefusedByHttp: Cause = {
  code: 'client-certificate-refused-by-http',
  title: 'The gateway refused our client certificate in its HTTP answer',
  side: 'gateway',
  documentation:
    'Some gateways, nginx among them, complete the handshake with any client certificate and refuse a bad one with HTTP 400, 495 or 496. The answer does not say why. When our certificate shows a reason (expired, self-signed, wrong purpose, unknown issuer), that reason is named in its place. Otherwise ask the operator for the error log of the gateway.',
  explain({ evidence }) {
    const refusal = refusalOf(evidence);
    if (refusal?.by !== 'http') return undefined;
    const { answer } = refusal;
    if (!isCertificateError(answer) && !isCertificateMissing(answer)) return undefined;
    return {
      confidence: isCertificateError(answer) ? 'likely' : 'possible',
      evidence: [answerInWords(answer)],
      remedy:
        'Ask the operator of the gateway for its error log of this moment; it names the reason.',
    };
  },
};
