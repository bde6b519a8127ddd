/** How a TLS handshake broke off, when no one refused our certificate. */
import type { Ending, Evidence, NotTlsSeen, TlsSeen } from '../evidence/evidence.ts';
import { decisiveAlert, endedByPeer, failedStep, isClose } from './reading.ts';
import { refusalOf } from './refusal.ts';

export interface BrokenHandshake {
  readonly tls: TlsSeen;
  /** By the peer: a close or a reset. By us: the time was up, or there was too much to read. */
  readonly how: 'close' | 'reset' | 'timeout' | 'limit' | 'unknown';
  readonly end?: Ending;
}

/** The tls step when it failed without an alert, without a refusal of us, and with a peer that speaks TLS if anything. */
export function brokenHandshake(evidence: Evidence): BrokenHandshake | undefined {
  const { tls } = evidence;
  const step = failedStep(evidence, 'tls');
  if (!step || !tls || tls.notTls || tls.serverAuthorized === false) return undefined;
  if (decisiveAlert(evidence) || refusalOf(evidence)) return undefined;
  const end = tls.ended;
  return { tls, how: howItEnded(evidence, step.error?.code), ...(end && { end }) };
}

const howByCode: Readonly<Record<string, BrokenHandshake['how']>> = {
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  LIMIT: 'limit',
  CLOSED: 'close',
};

function howItEnded(evidence: Evidence, code: string | undefined): BrokenHandshake['how'] {
  const byPeer = endedByPeer(evidence);
  if (byPeer) return isClose(byPeer) ? 'close' : 'reset';
  const how = evidence.tls?.ended?.how;
  if (how === 'timeout' || how === 'limit') return how;
  return howByCode[code ?? ''] ?? 'unknown';
}

/** The last thing on the wire before the end, in words. */
export function lastMessageInWords({ tls, end }: BrokenHandshake): string {
  if (end?.after) {
    const { direction, name } = end.after;
    return `The last message before it was the ${name} that ${direction === 'sent' ? 'we' : 'the peer'} sent.`;
  }
  if (tls.progress.serverHelloReceived) return 'The ServerHello had come.';
  return tls.progress.clientHelloSent ? 'Our ClientHello was out.' : 'Nothing had been sent.';
}

export function octetsInWords({ progress }: TlsSeen): string {
  return `We sent ${progress.octetsSent} octets and received ${progress.octetsReceived}.`;
}

export function firstOctetsInWords({ protocol, excerptText, httpStatus }: NotTlsSeen): string {
  const name = protocol === 'unknown' ? 'no protocol that is known here' : protocol.toUpperCase();
  const status = httpStatus === undefined ? '' : ` with status ${httpStatus}`;
  return `The first octets are ${name}${status}: "${excerptText.slice(0, 48)}".`;
}
