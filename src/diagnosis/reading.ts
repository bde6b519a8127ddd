/** Plain questions to evidence that many causes ask. */
import type { AlertSeen, Ending, Evidence, Step, StepName } from '../evidence/evidence.ts';

/** The step when it failed, else undefined. */
export function failedStep({ steps }: Evidence, name: StepName): Step | undefined {
  return steps.find((step) => step.name === name && step.outcome === 'failed');
}

export function hasPassed({ steps }: Evidence, name: StepName): boolean {
  return steps.some((step) => step.name === name && step.outcome === 'passed');
}

/** Whether the attempt wanted the step at all: a step skipped for another reason was wanted. */
export function isWanted({ steps }: Evidence, name: StepName): boolean {
  const step = steps.find((each) => each.name === name);
  return step !== undefined && step.reason !== 'not-wanted';
}

/** Whether our own files stopped the attempt before any network was used. */
export function stoppedLocally({ steps }: Evidence): boolean {
  return steps.some((step) => step.reason === 'local-fault');
}

/** The proxy's origin when one is used; dns and tcp are then about the proxy. */
export function proxyInUse({ target }: Evidence): string | undefined {
  return target.proxy;
}

/** A failed dns or tcp step on the way to the target itself, not to a proxy. */
export function failedTowardsTarget(evidence: Evidence, name: 'dns' | 'tcp'): Step | undefined {
  return proxyInUse(evidence) === undefined ? failedStep(evidence, name) : undefined;
}

const closeNotify = 0;
const userCanceled = 90;
const noRenegotiation = 100;
const orderly: readonly number[] = [closeNotify, userCanceled, noRenegotiation];

/**
 * The alert that decided the attempt: the first fatal one of either direction, for some peers echo ours back;
 * without a fatal one, the first warning that is not part of an orderly close.
 */
export function decisiveAlert({ alerts }: Pick<Evidence, 'alerts'>): AlertSeen | undefined {
  return (
    alerts.find(({ level, code }) => level !== 'warning' && !orderly.includes(code)) ??
    alerts.find(({ code }) => !orderly.includes(code))
  );
}

/** The decisive alert when the peer sent it, and, with `codes`, when it is one of them. */
export function receivedAlert(
  evidence: Evidence,
  ...codes: readonly number[]
): AlertSeen | undefined {
  const alert = decisiveAlert(evidence);
  if (alert?.direction !== 'received') return undefined;
  return codes.length === 0 || codes.includes(alert.code) ? alert : undefined;
}

/** The decisive alert when we sent it, and it is one of `codes`. */
export function sentAlert(evidence: Evidence, ...codes: readonly number[]): AlertSeen | undefined {
  const alert = decisiveAlert(evidence);
  return alert?.direction === 'sent' && codes.includes(alert.code) ? alert : undefined;
}

export function alertInWords({
  level,
  description,
  code,
  direction,
  encrypted,
}: AlertSeen): string {
  const whose = direction === 'received' ? 'The gateway sent' : 'We sent';
  const how = level === 'unknown' ? '' : `${level} `;
  return `${whose} the ${how}alert ${code} (${description})${encrypted ? ', encrypted' : ''}.`;
}

/** How the peer ended the connection; undefined when it did not, or when we ended it first. */
export function endedByPeer({ tls }: Evidence): Ending | undefined {
  return tls?.ended?.by === 'peer' ? tls.ended : undefined;
}

/** A close in order or a bare FIN, as opposed to a reset. */
export function isClose({ how }: Ending): boolean {
  return how === 'fin' || how === 'close_notify' || how === 'alert';
}

export function isServerUntrusted({ tls }: Evidence): boolean {
  return tls?.serverAuthorized === false;
}

/** Shorter than the patience of any peer. */
const leastStallMs = 1_000;

/** For how long this process did not run during the attempt, where a peer, or our own patience, may have ended it for that. */
export function stallOf({ stalledMs = 0 }: Evidence): number | undefined {
  return stalledMs >= leastStallMs ? stalledMs : undefined;
}

/** Both Finished messages were on the wire: what ends the connection afterwards ends no handshake. */
export function isHandshakeComplete({ tls }: Evidence): boolean {
  return tls?.progress.finishedSent === true && tls.progress.finishedReceived;
}
