/** We and the gateway share no version of TLS. */
import type { Cause } from '../cause.ts';
import { alertInWords, failedStep, receivedAlert, sentAlert } from '../reading.ts';

const protocolVersion = 70;
const versionErrors: readonly string[] = [
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_WRONG_SSL_VERSION',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
];

export const protocolVersionUnsupported: Cause = {
  code: 'protocol-version-unsupported',
  title: 'The gateway and this side share no TLS version',
  side: 'gateway',
  documentation:
    'The gateway answered our ClientHello with the alert protocol_version, or chose a version that we did not offer. One side allows only versions that the other does not. Raise the older side; TLS 1.2 is the least that should be used.',
  explain({ evidence }) {
    const { tls } = evidence;
    const alert = receivedAlert(evidence, protocolVersion) ?? sentAlert(evidence, protocolVersion);
    const code = failedStep(evidence, 'tls')?.error?.code ?? '';
    if (!alert && !versionErrors.includes(code)) return undefined;
    const offered = tls?.clientHello?.versions;
    return {
      confidence: 'certain',
      evidence: [
        alert ? alertInWords(alert) : `The handshake ended with ${code}.`,
        ...(offered?.length ? [`We offered TLS ${offered.join(', ')}.`] : []),
        ...(tls?.version === undefined ? [] : [`The server chose TLS ${tls.version}.`]),
      ],
      remedy:
        'Allow TLS 1.2 or 1.3 at the gateway, and check --tls-min and --tls-max on this side.',
    };
  },
};
