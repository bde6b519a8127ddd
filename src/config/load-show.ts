/** The settings of `sidelight show`: how what somebody sent is to be written, and where. */
import { CannotRun, type Problem } from '../base/cannot-run.ts';
import type { Config } from './config.ts';
import type { Environment } from './delegate-environment.ts';
import { type Findings, type GivenOptions, settle } from './settings.ts';

export type ShowConfig = Pick<Config, 'format' | 'verbose' | 'outputFile'>;

export interface LoadShowInput {
  readonly options: GivenOptions;
  readonly env: Environment;
  readonly problems: readonly Problem[];
}

/** Throws CannotRun with every problem. */
export function loadShow({ options: given, env, problems }: LoadShowInput): ShowConfig {
  const findings: Findings = { problems: [...problems], origins: [] };
  const sources = { command: 'show', given, env } as const;
  const format = settle('format', sources, findings);
  const output = settle('output', sources, findings);
  const verbose = settle('verbose', sources, findings);
  if (findings.problems.length > 0 || !format) throw new CannotRun(findings.problems);
  return {
    format: format.value,
    ...(output && { outputFile: output.value }),
    ...(verbose && { verbose: verbose.value }),
  };
}
