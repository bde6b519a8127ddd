/** One side can sign with nothing that the other takes. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Finding } from '../cause.ts';
import { alertInWords, failedStep, sentAlert } from '../reading.ts';

const handshakeFailure = 40;
const noAlgorithm: readonly string[] = [
  'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM',
  'ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS',
  'ERR_SSL_WRONG_SIGNATURE_TYPE',
];

export const noSharedSignatureAlgorithm: Cause = {
  code: 'no-shared-signature-algorithm',
  title: 'The gateway and this side share no signature algorithm',
  side: 'gateway',
  documentation:
    'Our own TLS library gave up because none of the signature algorithms that both sides name fits the key that must sign. The same is seen when the gateway asked for a client certificate, took no algorithm that fits the type of our key, and our answer was empty; that is certain. It happens with unusual key types and with lists set by hand. Use another key type, or align --signature-algorithms with the gateway.',
  outranks: ['client-certificate-not-sent', 'malformed-tls'],
  explain({ evidence }) {
    const code = failedStep(evidence, 'tls')?.error?.code ?? '';
    const alert = sentAlert(evidence, handshakeFailure);
    const named = noAlgorithm.includes(code);
    if (!named && !alert) return byRequest(evidence);
    return {
      confidence: named ? 'likely' : 'possible',
      evidence: [
        ...(named ? [`Our TLS library ended the handshake with ${code}.`] : []),
        ...(alert ? [alertInWords(alert)] : []),
      ],
      remedy,
    };
  },
};

const remedy =
  'Align --signature-algorithms with the gateway, or use a key of a type that it takes.';

/** How the standard's names of algorithms begin for each type of key. */
const schemes: Readonly<Record<string, RegExp>> = {
  rsa: /^rsa_(?:pkcs1|pss_rsae)_/,
  'rsa-pss': /^rsa_pss_pss_/,
  ec: /^ecdsa_/,
  ed25519: /^ed25519$/,
  ed448: /^ed448$/,
};

/** We were asked for a certificate, have one, and may sign with nothing that the gateway takes. */
function byRequest({ tls, clientCertificate, alerts }: Evidence): Finding | undefined {
  const taken = tls?.signatureAlgorithmsRequested ?? [];
  const type = clientCertificate?.keyAlgorithm ?? '';
  const scheme = schemes[type];
  if (tls?.clientCertificateSent !== false || taken.length === 0 || !scheme) return undefined;
  if (taken.some((name) => scheme.test(name))) return undefined;
  const [alert] = alerts;
  return {
    confidence: 'certain',
    evidence: [
      `Our key is of type ${type}; the gateway takes only ${taken.join(', ')}.`,
      'So our Certificate message was empty.',
      ...(alert ? [alertInWords(alert)] : []),
    ],
    remedy,
  };
}
