/** The settings of `sidelight home`, the receiver, checked like any others. */
import { join } from 'node:path';
import { CannotRun, type Problem } from '../base/cannot-run.ts';
import type { Endpoint } from './config.ts';
import type { Environment } from './delegate-environment.ts';
import { checkOwnFile, checkPair } from './own-files.ts';
import { isLoopbackHost } from './parse-url.ts';
import {
  type Findings,
  type GivenOptions,
  type Setting,
  type Sources,
  settle,
} from './settings.ts';
import { usualStateDirectory } from './state-directory.ts';

export interface HomeServerConfig {
  /** Port 0: any free one. */
  readonly listen: Endpoint;
  readonly dataDir: string;
  /** Both or neither; without them it listens on loopback only. */
  readonly certPath?: string;
  readonly keyPath?: string;
  /** A file with one token a line; it may change while home runs. */
  readonly tokenPath?: string;
}

export interface HomeListConfig {
  readonly dataDir: string;
}

export interface LoadHomeInput {
  readonly options: GivenOptions;
  readonly env: Environment;
  readonly uid?: number;
  readonly readFile: (path: string) => string;
  readonly problems?: readonly Problem[];
}

/** Throws CannotRun with every problem. */
export function loadHomeServer(input: LoadHomeInput): HomeServerConfig {
  const { sources, findings } = begin(input, 'home');
  const { problems } = findings;
  const ownFiles = { readFile: input.readFile, problems };
  const listen = settle('listen', sources, findings);
  const dataDir = dataDirectory(input, sources, findings);
  const cert = settle('serverCert', sources, findings);
  const key = settle('serverKey', sources, findings);
  checkPair(cert, key, ['cert', 'key'], problems);
  const certPath = checkOwnFile('certificate', cert, ownFiles);
  const keyPath = checkOwnFile('key', key, ownFiles);
  const tokenPath = checkOwnFile('tokens', settle('serverTokenFile', sources, findings), ownFiles);
  if (listen && !cert && !isLoopbackHost(listen.value.host)) problems.push(openToAll(listen));
  if (problems.length > 0 || !listen || dataDir === undefined) throw new CannotRun(problems);
  return {
    listen: listen.value,
    dataDir,
    ...(certPath !== undefined && { certPath }),
    ...(keyPath !== undefined && { keyPath }),
    ...(tokenPath !== undefined && { tokenPath }),
  };
}

/** Throws CannotRun with every problem. */
export function loadHomeList(input: LoadHomeInput): HomeListConfig {
  const { sources, findings } = begin(input, 'home list');
  const dataDir = dataDirectory(input, sources, findings);
  settle('listFormat', sources, findings);
  if (findings.problems.length > 0 || dataDir === undefined) throw new CannotRun(findings.problems);
  return { dataDir };
}

function begin(
  { options: given, env, problems = [] }: LoadHomeInput,
  command: 'home' | 'home list',
): { readonly sources: Sources; readonly findings: Findings } {
  return {
    sources: { command, given, env },
    findings: { problems: [...problems], origins: [] },
  };
}

/** Undefined only together with a problem. */
function dataDirectory(
  machine: LoadHomeInput,
  sources: Sources,
  findings: Findings,
): string | undefined {
  const usual = usualStateDirectory(machine);
  const otherwise = usual && { raw: join(usual.path, 'home'), origin: usual.origin };
  const found = settle('data', sources, findings, otherwise && { otherwise });
  if (found || findings.problems.some(({ where }) => where === '--data')) return found?.value;
  findings.problems.push({
    where: '--data',
    what: 'is not given, and neither STATE_DIRECTORY nor HOME names a place',
    expected: 'the directory where reports are stored',
  });
  return undefined;
}

function openToAll({ value, origin: where }: Setting<Endpoint>): Problem {
  return {
    where,
    what: `${value.host} is reached from the network, and there is no certificate`,
    expected: '--cert FILE and --key FILE beside it, or an address of this machine',
  };
}
