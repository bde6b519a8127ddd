/** The settings of `sidelight home`, the receiver, checked like any others. */
import { join } from 'node:path';
import { CannotRun, type Problem } from '../base/cannot-run.ts';
import type { Config, Endpoint } from './config.ts';
import { loadNotify, type NotifyConfig } from './load-notify.ts';
import { loadSyslog } from './load-telemetry.ts';
import { type HomeEvents, loadHomeEvents } from './load-written.ts';
import type { KindValues } from './option.ts';
import { checkOwnFile, checkPair, type OwnFiles } from './own-files.ts';
import { isLoopbackHost } from './parse-url.ts';
import {
  type Findings,
  type GivenOptions,
  type Setting,
  type Sources,
  settle,
} from './settings.ts';
import { type Machine, usualStateDirectory } from './state-directory.ts';

export interface HomeServerConfig {
  /** Port 0: any free one. */
  readonly listen: Endpoint;
  readonly dataDir: string;
  /** Both or neither; without them it listens on loopback only. */
  readonly certPath?: string;
  readonly keyPath?: string;
  /** A file with one sender a line; it may change while home runs. */
  readonly tokenPath?: string;
  /** A file with one operator a line, who may see the page; it may change likewise. */
  readonly operatorTokenPath?: string;
  /** PEM of the CA whose certificates let their holders in, and of its revocation list. */
  readonly clientCaPath?: string;
  readonly clientCrlPath?: string;
  /** For how many delegates a sender may speak of whom the token file does not say it. */
  readonly delegatesPerSender?: number;
  /** How long reports are kept, and up to which size of the database. */
  readonly keepMs?: number;
  readonly keepOctets?: number;
  readonly metrics?: Endpoint;
  readonly notify?: NotifyConfig;
  /** Without a final slash. */
  readonly publicUrl?: string;
  /** Where events are written. */
  readonly events: HomeEvents & Pick<Config, 'syslog'>;
}

export interface HomeListConfig {
  readonly dataDir: string;
  readonly follow: boolean;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly delegate?: string;
  readonly account?: string;
  readonly target?: string;
  readonly outcome?: string;
  readonly cause?: string;
  readonly limit?: number;
}

export type Moment = KindValues['moment'];

export interface LoadHomeInput extends Machine {
  readonly options: GivenOptions;
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
  const senders = loadSenders(sources, findings, ownFiles);
  const kept = loadKept(sources, findings);
  const metrics = settle('homeMetrics', sources, findings);
  const told = loadTold(input, sources, findings);
  if (senders.clientCaPath !== undefined && !cert) {
    const expected = '--cert FILE and --key FILE beside it';
    problems.push({ where: '--client-ca', what: 'stands without a certificate of ours', expected });
  }
  if (listen && !cert && !isLoopbackHost(listen.value.host)) problems.push(openToAll(listen));
  if (problems.length > 0 || !listen || dataDir === undefined) throw new CannotRun(problems);
  return {
    listen: listen.value,
    dataDir,
    ...(certPath !== undefined && { certPath }),
    ...(keyPath !== undefined && { keyPath }),
    ...senders,
    ...kept,
    ...(metrics && { metrics: metrics.value }),
    ...told,
  };
}

function loadKept(
  sources: Sources,
  findings: Findings,
): Pick<HomeServerConfig, 'keepMs' | 'keepOctets'> {
  const keep = settle('keep', sources, findings);
  const keepBytes = settle('keepBytes', sources, findings);
  return {
    ...(keep && { keepMs: keep.value }),
    ...(keepBytes && { keepOctets: keepBytes.value }),
  };
}

/** Who is told of incidents, and how. */
function loadTold(
  { readFile }: LoadHomeInput,
  sources: Sources,
  findings: Findings,
): Pick<HomeServerConfig, 'notify' | 'publicUrl' | 'events'> {
  const notify = loadNotify(readFile, sources, findings);
  const publicUrl = settle('publicUrl', sources, findings);
  const syslog = loadSyslog(readFile, sources, findings);
  return {
    events: { ...loadHomeEvents(sources, findings), ...(syslog && { syslog }) },
    ...(notify && { notify }),
    ...(publicUrl && { publicUrl: publicUrl.value.href.replace(/\/$/, '') }),
  };
}

function loadSenders(
  sources: Sources,
  findings: Findings,
  ownFiles: OwnFiles,
): Pick<
  HomeServerConfig,
  'tokenPath' | 'operatorTokenPath' | 'clientCaPath' | 'clientCrlPath' | 'delegatesPerSender'
> {
  const tokenPath = checkOwnFile('tokens', settle('serverTokenFile', sources, findings), ownFiles);
  const operators = settle('operatorTokenFile', sources, findings);
  const operatorTokenPath = checkOwnFile('tokens', operators, ownFiles);
  const delegates = settle('delegatesPerSender', sources, findings);
  const ca = settle('senderCa', sources, findings);
  const crl = settle('senderCrl', sources, findings);
  const clientCaPath = checkOwnFile('certificate', ca, ownFiles);
  const clientCrlPath = checkOwnFile('crl', crl, ownFiles);
  if (crl && !ca) {
    const where = crl.origin;
    findings.problems.push({ where, what: 'is given without --client-ca', expected: 'its CA' });
  }
  return {
    ...(tokenPath !== undefined && { tokenPath }),
    ...(operatorTokenPath !== undefined && { operatorTokenPath }),
    ...(delegates && { delegatesPerSender: delegates.value }),
    ...(clientCaPath !== undefined && { clientCaPath }),
    ...(clientCrlPath !== undefined && { clientCrlPath }),
  };
}

/** Throws CannotRun with every problem. */
export function loadHomeList(input: LoadHomeInput): HomeListConfig {
  const { sources, findings } = begin(input, 'home list');
  const dataDir = dataDirectory(input, sources, findings);
  settle('listFormat', sources, findings);
  const said = {
    since: settle('since', sources, findings)?.value,
    until: settle('until', sources, findings)?.value,
    delegate: settle('ofDelegate', sources, findings)?.value,
    account: settle('ofAccount', sources, findings)?.value,
    target: settle('ofTarget', sources, findings)?.value,
    outcome: settle('ofOutcome', sources, findings)?.value,
    cause: settle('ofCause', sources, findings)?.value,
    limit: settle('limit', sources, findings)?.value,
  };
  const follow = settle('follow', sources, findings)?.value ?? false;
  if (findings.problems.length > 0 || dataDir === undefined) throw new CannotRun(findings.problems);
  return { dataDir, follow, ...present(said) };
}

export interface HomeProbeNowConfig {
  readonly dataDir: string;
  readonly whom: { readonly all: true } | { readonly name: string };
}

/** Throws CannotRun with every problem. */
export function loadHomeProbeNow(input: LoadHomeInput): HomeProbeNowConfig {
  const { sources, findings } = begin(input, 'home probe-now');
  const dataDir = dataDirectory(input, sources, findings);
  const name = settle('askDelegate', sources, findings)?.value;
  const isAll = settle('askAll', sources, findings)?.value ?? false;
  if (isAll === (name !== undefined)) {
    const what = isAll ? 'is given beside --all' : 'is not given, nor is --all';
    findings.problems.push({ where: '--delegate', what, expected: '--delegate NAME, or --all' });
  }
  if (findings.problems.length > 0 || dataDir === undefined) throw new CannotRun(findings.problems);
  return { dataDir, whom: name === undefined ? { all: true } : { name } };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}

function begin(
  { options: given, env, problems = [] }: LoadHomeInput,
  command: 'home' | 'home list' | 'home probe-now',
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
