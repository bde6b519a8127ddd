/** The gateway never asks for a client certificate, and what stands behind it refuses us. */
import { decisiveAnswer } from '../answer.ts';
import type { Cause } from '../cause.ts';
import { isHandshakeComplete } from '../reading.ts';
import { answerInWords, isCertificateMissing, refusalOf } from '../refusal.ts';

export const clientCertificateNotRequested: Cause = {
  code: 'client-certificate-not-requested',
  title: 'The gateway does not ask for a client certificate',
  side: 'delegate',
  documentation:
    'We have a client certificate, the handshake had no CertificateRequest, so nobody can know who we are, and the request was refused. Usually the address is not the one for mutual TLS: new set-ups have a host and a port (8443) of their own for it. Or something before the gateway ends TLS and does not pass the certificate on. It is certain when the answer itself says that no certificate came. Where the gateway asked at an earlier, accepted look it is gateway-stopped-requesting-client-certificate; where it accepted us without asking, the refusal has another reason. Use the address for mutual TLS.',
  outranks: ['gateway-forbids', 'account-or-token-refused', 'client-certificate-refused-by-http'],
  explain({ evidence, baseline }) {
    const refusal = refusalOf(evidence);
    if (!evidence.clientCertificate || baseline || refusal?.by !== 'http') return undefined;
    const { tls } = evidence;
    if (!isHandshakeComplete(evidence) || tls?.clientCertificateRequested !== false) {
      return undefined;
    }
    if (tls.progress.certificateRequestedAfterHandshake) return undefined;
    const saysSo = isCertificateMissing(refusal.answer) || speaksOfAuthority(evidence);
    return {
      confidence: saysSo ? 'certain' : 'likely',
      evidence: [
        'The handshake had no CertificateRequest, so our certificate was not sent.',
        answerInWords(refusal.answer),
      ],
      remedy:
        'Check host and port: use the address of the gateway that is meant for mutual TLS, often port 8443.',
    };
  },
};

function speaksOfAuthority(evidence: Parameters<typeof decisiveAnswer>[0]): boolean {
  return decisiveAnswer(evidence)?.http.body === 'invalid-agent-mtls-authority';
}
