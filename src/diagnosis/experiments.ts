/** What the experiments tell: which one change made a difference, and which made none. */
import type { Evidence, ExperimentName, ExperimentSeen } from '../evidence/evidence.ts';
import { decisiveAnswer } from './answer.ts';
import { decisiveAlert, failedStep } from './reading.ts';

/** Attempts that differ in their ClientHello. */
export const changedHellos: readonly ExperimentName[] = [
  'classic-groups-only',
  'tls-1.2-only',
  'no-alpn',
  'no-server-name',
  'other-server-name',
];

/** Those of these kinds, in the order in which they were made; empty when none was. */
export function experimentsWith(
  { experiments = [] }: Evidence,
  ...names: readonly ExperimentName[]
): readonly ExperimentSeen[] {
  return experiments.filter(({ changed }) => names.includes(changed));
}

/** The first experiment of these kinds that the gateway accepted. */
export function acceptedWith(
  evidence: Evidence,
  ...names: readonly ExperimentName[]
): ExperimentSeen | undefined {
  return experimentsWith(evidence, ...names).find(({ outcome }) => outcome === 'accepted');
}

/**
 * Where our ClientHello got no ServerHello: the first experiment of these kinds that did get one. Undefined when
 * another attempt without any change got one as well, for then the change proves nothing.
 */
export function answeredWith(
  evidence: Evidence,
  ...names: readonly ExperimentName[]
): ExperimentSeen | undefined {
  if (evidence.tls?.progress.serverHelloReceived !== false) return undefined;
  const answered = (each: ExperimentSeen): boolean => each.serverHelloReceived === true;
  if (experimentsWith(evidence, 'again').some(answered)) return undefined;
  return experimentsWith(evidence, ...names).find(answered);
}

/** Whether the experiment ended as the look itself did: by the same alert or status, else in the same way at the same step. */
export function endedAlike(experiment: ExperimentSeen, evidence: Evidence): boolean {
  return endingOfExperiment(experiment) === endingOfLook(evidence);
}

/** At least `least` experiments of these kinds were made, and every one of them ended as the look itself. */
export function allEndedAlike(
  evidence: Evidence,
  least: number,
  ...names: readonly ExperimentName[]
): boolean {
  const made = experimentsWith(evidence, ...names);
  return made.length >= least && made.every((each) => endedAlike(each, evidence));
}

function endingOfExperiment({ outcome, layer, alert, httpStatus, error }: ExperimentSeen): string {
  if (outcome === 'accepted') return 'accepted';
  if (httpStatus !== undefined) return `http ${httpStatus}`;
  if (alert) return `${alert.direction} alert ${alert.code}`;
  return `${layer} ${howByCode[error ?? ''] ?? error ?? ''}`;
}

function endingOfLook(evidence: Evidence): string {
  const answer = decisiveAnswer(evidence);
  if (answer) return `http ${answer.status}`;
  const alert = decisiveAlert(evidence);
  if (alert) return `${alert.direction} alert ${alert.code}`;
  const names = ['dns', 'tcp', 'proxy', 'tls', 'http', 'websocket'] as const;
  const step = names.map((name) => failedStep(evidence, name)).find((each) => each !== undefined);
  const code = step?.error?.code ?? '';
  return `${step?.name} ${howByCode[code] ?? code}`;
}

/** Codes that say the same. */
const howByCode: Readonly<Record<string, string>> = {
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  CLOSED: 'close',
};

const changes: Readonly<Record<ExperimentName, string>> = {
  'no-client-certificate': 'Without a client certificate',
  'throwaway-client-certificate': 'With a throw-away client certificate',
  'tls-1.2-only': 'With TLS 1.2 only',
  'classic-groups-only': 'With classic groups only, so a smaller ClientHello',
  'no-alpn': 'Without ALPN',
  'no-server-name': 'Without a server name',
  'other-server-name': 'With the server name',
  'other-address': 'At the address',
  'sibling-port': 'At port',
  'without-proxy': 'Without the proxy',
  'with-proxy': 'Through the proxy',
  again: 'In another attempt',
};

/** What was changed and what came of it: `Without ALPN: the server answered, then HTTP 403.` */
export function experimentInWords(experiment: ExperimentSeen): string {
  const { changed, value } = experiment;
  const what = `${changes[changed]}${value === undefined ? '' : ` ${value}`}`;
  return `${what}: ${endInWords(experiment)}.`;
}

function endInWords({ outcome, alert, httpStatus, error, ...seen }: ExperimentSeen): string {
  if (outcome === 'accepted') return 'accepted';
  if (httpStatus !== undefined) return `HTTP ${httpStatus}`;
  if (alert) return `the alert ${alert.code} (${alert.description}), ${alert.direction}`;
  const how = howByCode[error ?? ''] ?? error ?? outcome;
  const where = seen.layer === undefined ? '' : ` at ${seen.layer}`;
  return seen.serverHelloReceived ? `the server answered, then ${how}${where}` : `${how}${where}`;
}

/** One sentence for each. */
export function experimentsInWords(
  ...experiments: readonly (ExperimentSeen | undefined)[]
): readonly string[] {
  return experiments.flatMap((each) => (each ? [experimentInWords(each)] : []));
}
