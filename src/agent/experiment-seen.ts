/** What came of an experiment, in the few facts that tell it from the attempt that it varies. */
import type { Experiment } from '../diagnosis/choose-experiments.ts';
import { concludeOutcome } from '../diagnosis/outcome.ts';
import { decisiveAlert, failedStep } from '../diagnosis/reading.ts';
import type { Evidence, ExperimentSeen, Layer, TlsSeen } from '../evidence/evidence.ts';

export function seeExperiment(
  experiment: Experiment,
  evidence: Evidence,
  durationMs: number,
): ExperimentSeen {
  const { outcome, layer } = concludeOutcome(evidence);
  const error = errorAt(evidence, layer);
  const httpStatus = evidence.http?.status ?? evidence.websocket?.status;
  return {
    ...experiment,
    outcome,
    ...(layer && { layer }),
    durationMs,
    ...seeAlert(evidence),
    ...(error !== undefined && { error }),
    ...(evidence.tls && seeHandshake(evidence.tls)),
    ...(httpStatus !== undefined && { httpStatus }),
  };
}

function errorAt(evidence: Evidence, layer: Layer | undefined): string | undefined {
  if (layer === undefined || layer === 'local') return undefined;
  const verdict = layer === 'tls' ? evidence.tls?.serverAuthorizationError : undefined;
  return failedStep(evidence, layer)?.error?.code ?? verdict;
}

function seeAlert(evidence: Evidence): Partial<ExperimentSeen> {
  const alert = decisiveAlert(evidence);
  if (!alert || alert.level === 'warning') return {};
  const { direction, code, description } = alert;
  return { alert: { direction, code, description } };
}

function seeHandshake(tls: TlsSeen): Partial<ExperimentSeen> {
  const { version, clientCertificateRequested, serverCertificates, progress } = tls;
  const leaf = serverCertificates?.[0];
  return {
    ...(version !== undefined && { version }),
    ...(clientCertificateRequested !== undefined && { clientCertificateRequested }),
    serverHelloReceived: progress.serverHelloReceived,
    ...(leaf && { serverCertificateSha256: leaf.sha256 }),
  };
}
