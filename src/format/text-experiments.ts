/** The part of the text that says what extra attempts were made, and what came of each. */
import type { ExperimentSeen } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import { bullet } from './paragraph.ts';

export function experimentLines({ experiments = [] }: Report): readonly string[] {
  return experiments.flatMap((experiment) => bullet(inWords(experiment)));
}

function inWords({ changed, value, outcome, layer, ...seen }: ExperimentSeen): string {
  const what = value === undefined ? changed : `${changed} ${value}`;
  const end = layer === undefined ? outcome : `${outcome} at ${layer}`;
  return `${what}: ${[end, ...factsOf(seen)].join(', ')}`;
}

/** The alert is the reason of the error that came with it, so it stands alone. */
function factsOf({
  alert,
  error,
  httpStatus,
}: Pick<ExperimentSeen, 'alert' | 'error' | 'httpStatus'>): readonly string[] {
  const answer = httpStatus === undefined ? [] : [`HTTP ${httpStatus}`];
  if (alert) {
    return [`alert ${alert.code} ${alert.description} ${alert.direction}`, ...answer];
  }
  return error === undefined ? answer : [error, ...answer];
}
