/** One side can sign with nothing that the other takes. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Finding, Situation } from '../cause.ts';
import { alertInWords, failedStep, receivedAlert, sentAlert } from '../reading.ts';
import { refusalOf } from '../refusal.ts';

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
    'Our own TLS library gave up because none of the signature algorithms that both sides name fits the key that must sign. The same is seen when the gateway asked for a client certificate, took no algorithm that fits the type of our key, and our answer was empty; that is certain. A list without the common algorithms that is answered with handshake_failure makes it likely. It happens with unusual key types and with lists set by hand. Use another key type, or align --signature-algorithms with the gateway.',
  outranks: [
    'client-certificate-not-sent',
    'malformed-tls',
    'no-shared-cipher-suite',
    'gateway-handshake-refused',
  ],
  explain(situation) {
    const { evidence } = situation;
    const code = failedStep(evidence, 'tls')?.error?.code ?? '';
    const alert = sentAlert(evidence, handshakeFailure);
    const named = noAlgorithm.includes(code);
    if (!named && !alert) return byRequest(evidence) ?? byNarrowList(situation);
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
function byRequest(evidence: Evidence): Finding | undefined {
  const { tls, clientCertificate, alerts } = evidence;
  if (!refusalOf(evidence)) return undefined;
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

/** Servers have keys of one of these kinds; a list without either was set by hand. */
const common: readonly RegExp[] = [/^ecdsa_secp256r1_/, /^rsa_pss_rsae_/];

function byNarrowList({ evidence, baseline }: Situation): Finding | undefined {
  const { tls } = evidence;
  const alert = receivedAlert(evidence, handshakeFailure);
  const offered = tls?.clientHello?.signatureAlgorithms ?? [];
  const before = baseline?.evidence.tls?.clientHello?.signatureAlgorithms;
  if (!alert || tls?.progress.serverHelloReceived !== false) return undefined;
  if (offered.length === 0 || before?.join() === offered.join()) return undefined;
  if (common.every((kind) => offered.some((name) => kind.test(name)))) return undefined;
  return {
    confidence: 'likely',
    evidence: [alertInWords(alert), `We offered only ${offered.join(', ')}.`],
    remedy,
  };
}
