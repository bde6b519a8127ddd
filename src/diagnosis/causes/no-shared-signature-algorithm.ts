/** One side can sign with nothing that the other takes. */
import type { Cause } from '../cause.ts';
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
    'Our own TLS library gave up because none of the signature algorithms that both sides name fits the key that must sign. It happens with unusual key types and with lists set by hand. Use another key type, or align --signature-algorithms with the gateway.',
  explain({ evidence }) {
    const code = failedStep(evidence, 'tls')?.error?.code ?? '';
    const alert = sentAlert(evidence, handshakeFailure);
    const named = noAlgorithm.includes(code);
    if (!named && !alert) return undefined;
    return {
      confidence: named ? 'likely' : 'possible',
      evidence: [
        ...(named ? [`Our TLS library ended the handshake with ${code}.`] : []),
        ...(alert ? [alertInWords(alert)] : []),
      ],
      remedy:
        'Align --signature-algorithms with the gateway, or use a key of a type that it takes.',
    };
  },
};
