/** Whether the gateway looked at who we are and refused, and by what: an alert, an ending or an HTTP answer. */
import type { AlertSeen, Evidence, TlsSeen } from '../evidence/evidence.ts';
import { type Answer, decisiveAnswer } from './answer.ts';
import type { Confidence } from './cause.ts';
import {
  alertInWords,
  decisiveAlert,
  endedByPeer,
  failedStep,
  hasPassed,
  isClose,
  receivedAlert,
  stallOf,
} from './reading.ts';

export type Refusal =
  | { readonly by: 'alert'; readonly alert: AlertSeen }
  | { readonly by: 'close' | 'reset' | 'silence' }
  | { readonly by: 'http'; readonly answer: Answer };

export function refusalOf(evidence: Evidence): Refusal | undefined {
  const answer = decisiveAnswer(evidence);
  if (answer) return answer.verdict === 'rejected' ? { by: 'http', answer } : undefined;
  return alertRefusal(evidence) ?? silentRefusal(evidence);
}

function alertRefusal(evidence: Evidence): Refusal | undefined {
  const alert = receivedAlert(evidence);
  return alert && weWereLookedAt(evidence.tls, alert) ? { by: 'alert', alert } : undefined;
}

/** Alerts that speak of the peer's certificate, or of access for it (RFC 9846 section 6.2; 41 is SSL 3.0's). */
const certificateAlerts: readonly number[] = [41, 42, 43, 44, 45, 46, 48, 49, 116];

function weWereLookedAt(tls: TlsSeen | undefined, alert: AlertSeen): boolean {
  if (!tls) return false;
  // A warning that came earlier did not stop us from sending our flight; anything else came after it.
  const ourFlightWasOut =
    alert.afterFinished || (alert.level !== 'warning' && tls.clientCertificateSent !== undefined);
  if (tls.clientCertificateRequested && ourFlightWasOut) return true;
  return certificateAlerts.includes(alert.code) && tls.progress.serverHelloReceived;
}

function silentRefusal(evidence: Evidence): Refusal | undefined {
  const { tls } = evidence;
  if (!tls?.clientCertificateRequested || !tls.progress.finishedSent) return undefined;
  if (somethingCameBack(tls) || isBrokenOffByAlert(evidence)) return undefined;
  // A peer that waited for us in vain did not look at who we are.
  if (stallOf(evidence) !== undefined) return undefined;
  const end = endedByPeer(evidence);
  if (end) return { by: isClose(end) ? 'close' : 'reset' };
  return hasPassed(evidence, 'tls') ? unanswered(evidence) : undefined;
}

function isBrokenOffByAlert(evidence: Evidence): boolean {
  const alert = decisiveAlert(evidence);
  return alert !== undefined && alert.level !== 'warning';
}

/** What came broke a rule, or there was too much of it, and our side ended the connection: no refusal of theirs. */
const brokenOffByUs = /^(?:ERR_SSL_(?!.*ALERT)|HPE_|WS_ERR_|LIMIT$)/;

/** The connection stood, and nothing came in place of an answer. */
function unanswered(evidence: Evidence): Refusal | undefined {
  const step = failedStep(evidence, 'http') ?? failedStep(evidence, 'websocket');
  if (!step) return undefined;
  const code = step.error?.code ?? '';
  if (brokenOffByUs.test(code)) return undefined;
  if (code === 'ECONNRESET' || code === 'EPIPE') return { by: 'reset' };
  return { by: code === 'TIMEOUT' ? 'silence' : 'close' };
}

/** Whether the server did anything after our certificate flight; before TLS 1.3 its Finished comes after ours. */
function somethingCameBack({ version, progress }: TlsSeen): boolean {
  const answeredFinished = version !== '1.3' && progress.finishedReceived;
  return answeredFinished || progress.ticketsReceived > 0 || progress.applicationDataReceived;
}

export function refusalInWords(refusal: Refusal): string {
  switch (refusal.by) {
    case 'alert':
      return alertInWords(refusal.alert);
    case 'close':
      return 'The gateway closed the connection after our certificate flight, without an alert or an answer.';
    case 'reset':
      return 'The connection was reset after our certificate flight, without an alert or an answer.';
    case 'silence':
      return 'Nothing came back after our certificate flight, neither an alert nor an answer.';
    case 'http':
      return answerInWords(refusal.answer);
  }
}

export function answerInWords({ status, http, step }: Answer): string {
  const to = step === 'websocket' ? ' to the WebSocket upgrade' : '';
  const by = http.server === undefined ? '' : ` (Server: ${http.server})`;
  return `The gateway answered HTTP ${status}${to}${http.body ? `, ${bodyInWords[http.body]}` : ''}${by}.`;
}

const bodyInWords = {
  'nginx-no-required-certificate': 'saying that the required certificate was not sent',
  'nginx-certificate-error': 'saying that our certificate failed its verification',
  'invalid-agent-mtls-authority': 'with the code INVALID_AGENT_MTLS_AUTHORITY',
  'plain-http-to-https-port': 'saying that a request in clear came to a port for TLS',
} as const;

/** Alerts with which some stack reports any fault of a client certificate. */
const genericAlerts: readonly number[] = [40, 42, 46, 49, 80];

/**
 * How strongly a refusal speaks for a fault of our certificate that was found locally: `certain` by an alert that
 * names the fault, `likely` by one that names any fault, `possible` by one that names another.
 */
export function speaksForFault(refusal: Refusal, naming: readonly number[]): Confidence {
  switch (refusal.by) {
    case 'alert':
      if (naming.includes(refusal.alert.code)) return 'certain';
      return genericAlerts.includes(refusal.alert.code) ? 'likely' : 'possible';
    case 'http':
      return isCertificateError(refusal.answer) ? 'likely' : 'possible';
    case 'silence':
      return 'possible';
    default:
      return 'likely';
  }
}

/** An HTTP answer that speaks of the certificate we sent: nginx's text, or 495. */
export function isCertificateError({ status, http }: Answer): boolean {
  return http.body === 'nginx-certificate-error' || status === 495;
}

/** An HTTP answer that says that no certificate came: nginx's text, or 496. */
export function isCertificateMissing({ status, http }: Answer): boolean {
  return http.body === 'nginx-no-required-certificate' || status === 496;
}
