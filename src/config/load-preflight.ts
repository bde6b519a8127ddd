/** The settings of `sidelight preflight`: what is to be judged, against what, and how it is told. */
import { CannotRun, type Problem } from '../base/cannot-run.ts';
import type { CredentialConfig, TargetConfig } from './config.ts';
import { readDelegateSources } from './delegate-sources.ts';
import { type LoadInput, withFile } from './load-config.ts';
import { loadTarget } from './load-target.ts';
import { isOf, type NamedTarget } from './load-targets.ts';
import { misspelledVariables } from './misspelled-variables.ts';
import type { OptionName } from './options.ts';
import { checkPair } from './own-files.ts';
import { type Findings, type Sources, settle } from './settings.ts';

/** How the outcome is told. */
export interface Telling {
  readonly failOn: string;
  readonly format: string;
  readonly outputFile?: string;
}

export interface PreflightClientConfig extends Telling {
  /** With the credential to judge; its URL means nothing unless `isLive`. */
  readonly target: TargetConfig;
  /** Whether the credential is tried with the gateway as well. */
  readonly isLive: boolean;
  /** The credential in use today, tried beside the new one. */
  readonly current?: CredentialConfig;
  readonly clientCaPath?: string;
  /** Deadline of one step. */
  readonly timeoutMs: number;
  /** Whether extra attempts are made when the gateway does not accept one of them. */
  readonly experiments: boolean;
}

export interface PreflightGatewayConfig extends Telling {
  /** The server's certificate and key. */
  readonly credential: CredentialConfig;
  /** By which the clients judge the server. */
  readonly caPath?: string;
  readonly clientCaPath: string;
  readonly clientsPath?: string;
  readonly serverName?: string;
}

export interface PreflightCompareConfig extends Telling {
  readonly beforePath: string;
  readonly afterPath: string;
}

type Input = Omit<LoadInput, 'command' | 'urls'>;

/** Stands for a gateway that nobody named; never dialled. */
const nowhere = 'https://nowhere.invalid/';

/** Throws CannotRun with every problem. */
export function loadPreflightClient(input: Input): PreflightClientConfig {
  const asLook: LoadInput = { ...input, command: 'preflight client', urls: [] };
  const findings: Findings = { problems: [...(input.problems ?? [])], origins: [] };
  const { problems } = findings;
  problems.push(...misspelledVariables(input.env));
  const sources = withFile(asLook, findings);
  const agentSources = { ...sources, delegate: readDelegateSources(sources, input, findings) };
  const against = settle('against', sources, findings);
  const target = loadTarget(named(against?.value, sources), 0, asLook, agentSources, findings);
  const { certPath, keyPath } = target.credential;
  if (certPath === undefined && keyPath === undefined && problems.length === 0) {
    problems.push(notGiven('cert', 'the certificate to judge, and --key FILE beside it'));
  }
  const current = loadCurrent(sources, findings);
  if (current && !against) {
    problems.push({
      where: '--current-cert',
      what: 'is given without --against',
      expected: '--against URL: the gateway with which both are tried',
    });
  }
  const clientCa = settle('clientCa', sources, findings);
  const timeout = settle('timeout', sources, findings);
  const experiments = settle('experiments', sources, findings);
  const telling = loadTelling(sources, findings);
  if (problems.length > 0 || !telling || !timeout) throw new CannotRun(problems);
  return {
    ...telling,
    target,
    isLive: against !== undefined,
    ...(current && { current }),
    ...(clientCa && { clientCaPath: clientCa.value }),
    timeoutMs: timeout.value,
    experiments: experiments?.value === 'auto',
  };
}

/** In a file with several targets, the one that is tried; where none is tried, its only one. */
function named(against: URL | undefined, { file }: Sources): NamedTarget {
  const url = against ?? new URL(nowhere);
  const targets = file?.targets ?? [];
  const only = targets.length === 1 ? 0 : -1;
  const found = against ? targets.findIndex((each) => isOf(each, against)) : only;
  return { url, ...(found >= 0 && { fileTarget: found }) };
}

function loadCurrent(sources: Sources, findings: Findings): CredentialConfig | undefined {
  const cert = settle('currentCert', sources, findings);
  const key = settle('currentKey', sources, findings);
  checkPair(cert, key, ['current-cert', 'current-key'], findings.problems);
  return cert && key ? { certPath: cert.value, keyPath: key.value } : undefined;
}

/** Throws CannotRun with every problem. */
export function loadPreflightGateway(input: Input): PreflightGatewayConfig {
  const { sources, findings } = begin(input, 'preflight gateway');
  const { problems } = findings;
  const certPath = demand('gatewayCert', 'cert', 'the server certificate', sources, findings);
  const keyPath = demand('gatewayKey', 'key', 'its private key', sources, findings);
  const clientCaPath = demand('clientCa', 'client-ca', 'the client CA', sources, findings);
  const passphrase = settle('gatewayPassphraseFile', sources, findings);
  const ca = settle('gatewayCa', sources, findings);
  const clients = settle('clients', sources, findings);
  const serverName = settle('gatewayServerName', sources, findings);
  const telling = loadTelling(sources, findings);
  if (problems.length > 0 || !telling || clientCaPath === undefined) throw new CannotRun(problems);
  return {
    ...telling,
    credential: {
      ...(certPath !== undefined && { certPath }),
      ...(keyPath !== undefined && { keyPath }),
      ...(passphrase && { passphrasePath: passphrase.value }),
    },
    clientCaPath,
    ...(ca && { caPath: ca.value }),
    ...(clients && { clientsPath: clients.value }),
    ...(serverName && { serverName: serverName.value }),
  };
}

/** Throws CannotRun with every problem. */
export function loadPreflightCompare(input: Input): PreflightCompareConfig {
  const { sources, findings } = begin(input, 'preflight compare');
  const beforePath = demand('before', 'before', 'an earlier report', sources, findings);
  const afterPath = demand('after', 'after', 'a later report', sources, findings);
  const telling = loadTelling(sources, findings);
  const isWhole = telling && beforePath !== undefined && afterPath !== undefined;
  if (findings.problems.length > 0 || !isWhole) throw new CannotRun(findings.problems);
  return { ...telling, beforePath, afterPath };
}

function begin(
  { options: given, env, problems = [] }: Input,
  command: Sources['command'],
): { readonly sources: Sources; readonly findings: Findings } {
  return {
    sources: { command, given, env },
    findings: { problems: [...problems], origins: [] },
  };
}

type PathOption = Extract<
  OptionName,
  'gatewayCert' | 'gatewayKey' | 'clientCa' | 'before' | 'after'
>;

function demand(
  name: PathOption,
  flag: string,
  what: string,
  sources: Sources,
  findings: Findings,
): string | undefined {
  const found = settle(name, sources, findings);
  if (!found && sources.given[name] === undefined) findings.problems.push(notGiven(flag, what));
  return found?.value;
}

function notGiven(flag: string, what: string): Problem {
  return { where: `--${flag}`, what: 'is not given', expected: `--${flag} FILE: ${what}` };
}

export function loadTelling(sources: Sources, findings: Findings): Telling | undefined {
  const failOn = settle('failOn', sources, findings);
  const format = settle('preflightFormat', sources, findings);
  const output = settle('preflightOutput', sources, findings);
  if (!failOn || !format) return undefined;
  return {
    failOn: failOn.value,
    format: format.value,
    ...(output && { outputFile: output.value }),
  };
}
