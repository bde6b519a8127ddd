/** What one look concludes: accepted, rejected, unconfirmed or failed, and the layer where it stopped. */
import type { Evidence, Layer, Outcome, TlsSeen } from '../evidence/evidence.ts';
import { decisiveAnswer } from './answer.ts';
import {
  failedStep,
  isServerUntrusted,
  isWanted,
  receivedAlert,
  stoppedLocally,
} from './reading.ts';
import { type Refusal, refusalOf } from './refusal.ts';

export interface Conclusion {
  readonly outcome: Outcome;
  /** Absent when accepted. */
  readonly layer?: Layer;
}

/** Each rule answers or passes on; the first answer counts. */
export function concludeOutcome(evidence: Evidence): Conclusion {
  return (
    stoppedBeforeTls(evidence) ??
    untrustedServer(evidence) ??
    refusedByGateway(evidence) ??
    answered(evidence) ??
    brokenOff(evidence) ??
    consentWithoutAnswer(evidence) ?? { outcome: 'unconfirmed', layer: lastWanted(evidence) }
  );
}

function stoppedBeforeTls(evidence: Evidence): Conclusion | undefined {
  if (stoppedLocally(evidence)) return { outcome: 'failed', layer: 'local' };
  const layer = (['dns', 'tcp', 'proxy'] as const).find((name) => failedStep(evidence, name));
  return layer && { outcome: 'failed', layer };
}

function untrustedServer(evidence: Evidence): Conclusion | undefined {
  return isServerUntrusted(evidence) ? { outcome: 'failed', layer: 'tls' } : undefined;
}

function refusedByGateway(evidence: Evidence): Conclusion | undefined {
  const refusal = refusalOf(evidence);
  return refusal && { outcome: 'rejected', layer: layerOf(refusal, evidence) };
}

function layerOf(refusal: Refusal, evidence: Evidence): Layer {
  if (refusal.by === 'http') return refusal.answer.step;
  return refusal.by === 'silence' ? lastWanted(evidence) : 'tls';
}

function answered(evidence: Evidence): Conclusion | undefined {
  const answer = decisiveAnswer(evidence);
  if (!answer) return undefined;
  if (answer.verdict !== 'accepted') return { outcome: answer.verdict, layer: answer.step };
  // An accepted request does not speak for an upgrade that got no answer.
  const upgradeFailed = failedStep(evidence, 'websocket') && answer.step === 'http';
  return upgradeFailed ? { outcome: 'failed', layer: 'websocket' } : { outcome: 'accepted' };
}

/** A step failed without an answer, or an alert broke the handshake off, and it was no refusal of us. */
function brokenOff(evidence: Evidence): Conclusion | undefined {
  const layer = (['tls', 'http', 'websocket'] as const).find((name) => failedStep(evidence, name));
  if (layer) return { outcome: 'failed', layer };
  const alert = receivedAlert(evidence);
  return alert && alert.level !== 'warning' ? { outcome: 'failed', layer: 'tls' } : undefined;
}

function wantsAnswer(evidence: Evidence): boolean {
  return isWanted(evidence, 'http') || isWanted(evidence, 'websocket');
}

/** Where no answer is wanted, what a server does only once it is content with the handshake. */
function consentWithoutAnswer(evidence: Evidence): Conclusion | undefined {
  if (wantsAnswer(evidence)) return undefined;
  return showsConsent(evidence.tls) ? { outcome: 'accepted' } : undefined;
}

function showsConsent(tls: TlsSeen | undefined): boolean {
  if (!tls?.progress.finishedSent) return false;
  return tls.progress.ticketsReceived > 0 || tls.progress.applicationDataReceived;
}

/** The last step whose answer would have been the proof. */
function lastWanted(evidence: Evidence): Layer {
  if (isWanted(evidence, 'http')) return 'http';
  return isWanted(evidence, 'websocket') ? 'websocket' : 'tls';
}
