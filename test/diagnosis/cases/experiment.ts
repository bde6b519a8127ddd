/** What an extra attempt left, in few words. */
import type { Evidence, ExperimentName, ExperimentSeen } from '../../../src/evidence/evidence.ts';
import { alertName } from '../../../src/tls/alert.ts';

export function tried(
  changed: ExperimentName,
  came: Partial<Omit<ExperimentSeen, 'changed'>>,
): ExperimentSeen {
  return { changed, outcome: 'failed', layer: 'tls', durationMs: 9.5, ...came };
}

export const accepted: Partial<ExperimentSeen> = {
  outcome: 'accepted',
  version: '1.3',
  serverHelloReceived: true,
  clientCertificateRequested: true,
  httpStatus: 200,
};

/** An alert of the gateway, before its ServerHello or after. */
export const refusedBy = (code: number, serverHelloReceived = true): Partial<ExperimentSeen> => ({
  outcome: serverHelloReceived ? 'rejected' : 'failed',
  layer: 'tls',
  alert: { direction: 'received', code, description: alertName(code) },
  serverHelloReceived,
});

export const answeredWith = (httpStatus: number): Partial<ExperimentSeen> => ({
  outcome: httpStatus < 500 ? 'rejected' : 'failed',
  layer: 'http',
  httpStatus,
  serverHelloReceived: true,
});

/** The connection ended without a word, before the ServerHello. */
export const brokenBy = (error: string): Partial<ExperimentSeen> => ({
  outcome: 'failed',
  layer: 'tls',
  error,
  serverHelloReceived: false,
});

export function withExperiments(
  seen: Evidence,
  ...experiments: readonly ExperimentSeen[]
): Evidence {
  return { ...seen, experiments };
}
