/** Command line, environment and configuration file become one frozen Config, or every problem in them at once. */
import { CannotRun, type Problem } from '../base/cannot-run.ts';
import type { Config, SettingOrigin } from './config.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { delegateIdentity } from './delegate-environment.ts';
import {
  type AgentSources,
  type DelegateSources,
  readDelegateSources,
} from './delegate-sources.ts';
import { loadHomes } from './load-home.ts';
import { loadTargets } from './load-targets.ts';
import { loadTelemetry } from './load-telemetry.ts';
import { loadWritten } from './load-written.ts';
import { misspelledVariables } from './misspelled-variables.ts';
import { loadOtlp } from './otlp/load-otlp.ts';
import { type Findings, type GivenOptions, type Sources, settle } from './settings.ts';
import { type Machine, stateDirectory } from './state-directory.ts';

export interface LoadInput extends Machine {
  readonly command: 'check' | 'run' | 'bundle' | 'preflight client' | 'watch-rotation';
  readonly options: GivenOptions;
  /** The arguments beside the options. */
  readonly urls: readonly string[];
  /** Text of a file; throws with an errno in `code`. */
  readonly readFile: (path: string) => string;
  readonly exists: (path: string) => boolean;
  /** What was already found wrong with the command line, so that it is told together with the rest. */
  readonly problems?: readonly Problem[];
}

/** As `examineConfig`; throws CannotRun with every problem. */
export function loadConfig(input: LoadInput): Config {
  const { config, problems } = examineConfig(input);
  if (!config) throw new CannotRun(problems);
  return config;
}

/** All that was found, whether it can be used or not. */
export interface Examined {
  /** Absent where there are problems. */
  readonly config?: Config;
  readonly problems: readonly Problem[];
  /** As in the configuration; without a value where it is a problem. */
  readonly origins: readonly SettingOrigin[];
  readonly delegate: DelegateSources;
}

/** Reads the configuration file and home's files; touches no network. */
export function examineConfig(input: LoadInput): Examined {
  const findings: Findings = { problems: [...(input.problems ?? [])], origins: [] };
  findings.problems.push(...misspelledVariables(input.env));
  const sources = readSources(input, findings);
  const targets = loadTargets(input, sources, findings);
  const timeout = settle('timeout', sources, findings);
  const interval = settle('interval', sources, findings);
  const heartbeat = settle('heartbeat', sources, findings);
  const experiments = settle('experiments', sources, findings);
  const output = settle('output', sources, findings);
  const written = loadWritten(sources, findings);
  const telemetry = loadTelemetry(input, sources, findings);
  const stateDir = stateDirectory(input, sources, findings);
  const verbose = settle('verbose', sources, findings);
  const homes = loadHomes(input, sources, findings);
  const spoolBytes = settle('spoolBytes', sources, findings);
  const spoolAge = settle('spoolAge', sources, findings);
  const spoolReports = settle('spoolReports', sources, findings);
  const spoolReportBytes = settle('spoolReportBytes', sources, findings);
  const otlp = loadOtlp(input, sources, findings);
  const { name, account } = delegateIdentity(sources.delegate);
  findings.origins.push(identityRow('name', name), identityRow('account', account));
  const problems = withoutRepeats(findings.problems);
  const { origins } = findings;
  if (problems.length > 0) return { problems, origins, delegate: sources.delegate };
  const config: Config = deepFreeze({
    targets,
    timeoutMs: known(timeout),
    intervalMs: known(interval),
    heartbeatMs: known(heartbeat),
    experiments: known(experiments) === 'auto',
    ...written,
    ...telemetry,
    ...(stateDir !== undefined && { stateDir }),
    homes,
    spool: {
      maxBytes: known(spoolBytes),
      maxAgeMs: known(spoolAge),
      maxReports: known(spoolReports),
      maxReportBytes: known(spoolReportBytes),
    },
    ...(otlp && { otlp }),
    ...(output && { outputFile: output.value }),
    ...(verbose && { verbose: verbose.value }),
    delegate: {
      ...(name && { name: name.value }),
      ...(account && { account: account.value }),
    },
    origins,
  });
  return { config, problems, origins, delegate: sources.delegate };
}

function readSources(input: LoadInput, findings: Findings): AgentSources {
  const sources = withFile(input, findings);
  return { ...sources, delegate: readDelegateSources(sources, input, findings) };
}

/** With the configuration file, where one is named; its faults go to the findings. */
export function withFile(input: LoadInput, findings: Findings): Sources {
  const { command, options: given, env, readFile } = input;
  const sources = { command, given, env };
  const config = settle('config', sources, findings);
  if (!config) return sources;
  const file: ConfigFile = readConfigFile(config.value, config.origin, readFile, findings.problems);
  return { ...sources, file };
}

/** Only the delegate itself says what it is called. */
function identityRow(
  what: 'name' | 'account',
  named: { readonly value: string; readonly origin: string } | undefined,
): SettingOrigin {
  const setting = `delegate.${what}`;
  if (named) return { setting, ...named };
  const looked = what === 'name' ? 'DELEGATE_NAME, NAME beside ACCOUNT_ID' : 'ACCOUNT_ID';
  return { setting, value: '', origin: `not set; looked for ${looked}` };
}

/** For an option with a default: absent only after a problem, with which nothing goes on. */
function known<Value>(setting: { readonly value: Value } | undefined): Value {
  if (!setting) throw new TypeError('an option with a default has no value');
  return setting.value;
}

/** One wrong option is one problem, however many targets it applies to. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  return [
    ...new Map(problems.map((problem) => [`${problem.where}\n${problem.what}`, problem])).values(),
  ];
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
