/** The gateway asks for a client certificate, and none is configured. */
import type { Cause, Confidence } from '../cause.ts';
import { isCertificateMissing, type Refusal, refusalInWords, refusalOf } from '../refusal.ts';

export const clientCertificateNotConfigured: Cause = {
  code: 'client-certificate-not-configured',
  title: 'The gateway requires a client certificate and none is configured',
  side: 'delegate',
  documentation:
    'The gateway asked for a client certificate during the handshake, we have none configured and sent an empty answer, and the gateway refused us. Depending on the server that is certificate_required, handshake_failure, bad_certificate or HTTP 400. Configure the certificate and its key that were registered for this delegate.',
  outranks: [
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
    'client-issuer-not-accepted',
    'gateway-forbids',
    'account-or-token-refused',
    'gateway-internal-error',
  ],
  explain({ evidence }) {
    const { tls, credential, clientCertificate } = evidence;
    if (credential.certificateFile || clientCertificate) return undefined;
    const refusal = refusalOf(evidence);
    if (!refusal || !(tls?.clientCertificateRequested || saysSo(refusal))) return undefined;
    return {
      confidence: confidenceOf(refusal),
      evidence: [
        'The gateway asked for a client certificate; none is configured, so we sent none.',
        ...(credential.lookedFor ? [`Looked for it at ${credential.lookedFor.join(', ')}.`] : []),
        refusalInWords(refusal),
      ],
      remedy: 'Configure the client certificate and key of this delegate (--cert and --key).',
    };
  },
};

const certificateRequired = 116;
/** How servers answer an empty Certificate message besides certificate_required. */
const answersToNone: readonly number[] = [40, 41, 42, 46, 49, 50];

function saysSo(refusal: Refusal): boolean {
  if (refusal.by === 'alert') return refusal.alert.code === certificateRequired;
  return refusal.by === 'http' && isCertificateMissing(refusal.answer);
}

function confidenceOf(refusal: Refusal): Confidence {
  if (saysSo(refusal)) return 'certain';
  if (refusal.by === 'alert' && answersToNone.includes(refusal.alert.code)) return 'certain';
  return refusal.by === 'silence' ? 'possible' : 'likely';
}
