/** We and the gateway share no version of TLS. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause, Finding } from '../cause.ts';
import { answeredWith, experimentsInWords, experimentsWith } from '../experiments.ts';
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
    'The gateway answered our ClientHello with the alert protocol_version, or chose a version that we did not offer. One side allows only versions that the other does not; servers of TLS 1.0 and 1.1 alone are the usual ones. Without that alert it takes an attempt with TLS 1.2 only that is answered while one with a smaller ClientHello is not: then the server or something on the way does not stand TLS 1.3, which is likely; when TLS 1.3 was all we offered, it is certain. Raise the older side; TLS 1.2 is the least that should be used.',
  outranks: [
    'no-shared-cipher-suite',
    'gateway-handshake-refused',
    'handshake-reset',
    'handshake-closed',
    'handshake-timeout',
  ],
  explain({ evidence }) {
    const { tls } = evidence;
    const alert = receivedAlert(evidence, protocolVersion) ?? sentAlert(evidence, protocolVersion);
    const code = failedStep(evidence, 'tls')?.error?.code ?? '';
    if (!alert && !versionErrors.includes(code)) return byOlderVersion(evidence);
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

/** TLS 1.2 alone is answered, and the size of the ClientHello is not why. */
function byOlderVersion(evidence: Evidence): Finding | undefined {
  const older = answeredWith(evidence, 'tls-1.2-only');
  const smaller = experimentsWith(evidence, 'classic-groups-only');
  if (!older || smaller.some(({ serverHelloReceived }) => serverHelloReceived)) return undefined;
  return {
    confidence: offersOnlyNew(evidence) ? 'certain' : smaller.length > 0 ? 'likely' : 'possible',
    evidence: [
      'Our ClientHello offered TLS 1.3 and got no ServerHello.',
      ...experimentsInWords(older, ...smaller),
    ],
    remedy: offersOnlyNew(evidence)
      ? 'Allow TLS 1.3 at the gateway, or --tls-min 1.2 on this side.'
      : 'Have the gateway stand TLS 1.3 in a ClientHello; until then use --tls-max 1.2.',
  };
}

function offersOnlyNew({ tls }: Evidence): boolean {
  const versions = tls?.clientHello?.versions ?? [];
  return versions.length > 0 && !versions.includes('1.2');
}
