/** The settings of `sidelight watch-rotation`: what is watched, for how long, and how the verdict is told. */
import { CannotRun } from '../base/cannot-run.ts';
import type { Config } from './config.ts';
import { type LoadInput, loadConfig } from './load-config.ts';
import { loadTelling, type Telling } from './load-preflight.ts';
import { type Findings, settle } from './settings.ts';

export interface WatchConfig extends Telling {
  readonly config: Config;
  readonly forMs: number;
}

/** Throws CannotRun with every problem. */
export function loadWatch(input: LoadInput): WatchConfig {
  const { command, options: given, env, problems = [] } = input;
  const findings: Findings = { problems: [...problems], origins: [] };
  const sources = { command, given, env };
  const span = settle('for', sources, findings);
  const telling = loadTelling(sources, findings);
  const config = loadConfig({ ...input, problems: findings.problems });
  if (!span || !telling) throw new CannotRun(findings.problems);
  return { ...telling, config, forMs: span.value };
}
