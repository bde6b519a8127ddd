/** The settings of `sidelight status`: which agent is asked, and how the answer is written. */
import { CannotRun } from '../base/cannot-run.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import type { LoadHomeInput } from './load-home-server.ts';
import { type Findings, isSaid, type Sources, settle } from './settings.ts';
import { stateDirectory } from './state-directory.ts';

export interface StatusConfig {
  /** The agent's state directory; absent when there is no place where it would be. */
  readonly stateDir?: string;
  readonly format: string;
}

/** Throws CannotRun with every problem. */
export function loadStatus(input: LoadHomeInput): StatusConfig {
  const { options: given, env, problems = [] } = input;
  const findings: Findings = { problems: [...problems], origins: [] };
  const said: Sources = { command: 'status', given, env };
  const file = isSaid('stateDir', said) ? undefined : configFile(input, said, findings);
  const stateDir = stateDirectory(input, { ...said, ...(file && { file }) }, findings);
  const format = settle('statusFormat', said, findings);
  if (findings.problems.length > 0 || !format) throw new CannotRun(findings.problems);
  return { format: format.value, ...(stateDir !== undefined && { stateDir }) };
}

/** The agent may run with an earlier content of it: what is wrong elsewhere in it is no reason not to ask. */
function configFile(
  { readFile }: LoadHomeInput,
  sources: Sources,
  findings: Findings,
): ConfigFile | undefined {
  const path = settle('config', sources, findings);
  if (!path) return undefined;
  const problems: Findings['problems'] = [];
  const file = readConfigFile(path.value, path.origin, readFile, problems);
  if (!file.top.stateDir) findings.problems.push(...problems);
  return file;
}
