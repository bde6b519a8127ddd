/** What a replay needs of the configuration: a file, and how its reports are shown. No target, no network. */
import { CannotRun } from '../base/cannot-run.ts';
import type { Config } from './config.ts';
import type { LoadInput } from './load-config.ts';
import { quoted } from './parsed.ts';
import { type Findings, settle } from './settings.ts';

export interface ReplayConfig
  extends Pick<Config, 'format' | 'outputFile' | 'syslogContent' | 'verbose'> {
  /** Where the stored reports are. */
  readonly file: string;
}

/** Throws CannotRun with every problem. */
export function loadReplay({ options: given, env, urls, problems = [] }: LoadInput): ReplayConfig {
  const findings: Findings = { problems: [...problems], origins: [] };
  const sources = { command: 'check', given, env } as const;
  const file = settle('replay', sources, findings);
  const format = settle('format', sources, findings);
  const content = settle('syslogContent', sources, findings);
  const output = settle('output', sources, findings);
  const verbose = settle('verbose', sources, findings);
  for (const url of urls) {
    findings.problems.push({
      where: 'argument',
      what: `${quoted(url)} is given beside --replay`,
      expected: '--replay alone, for it looks at nothing; or check without it',
    });
  }
  if (!file || !format || findings.problems.length > 0) throw new CannotRun(findings.problems);
  return {
    file: file.value,
    format: format.value,
    ...(content && { syslogContent: content.value }),
    ...(output && { outputFile: output.value }),
    ...(verbose && { verbose: verbose.value }),
  };
}
