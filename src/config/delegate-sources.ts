/** Where the delegate's own settings stand: our environment when we share its container, a file that holds it, and its proxy files. */
import { errorCode } from '../base/cannot-run.ts';
import { sanitise } from '../base/sanitise.ts';
import { unshown } from '../base/secret.ts';
import type { SettingOrigin } from './config.ts';
import { delegateHome, type Environment, isBesideDelegate, said } from './delegate-environment.ts';
import { parseAssignments } from './parse-assignments.ts';
import { type Findings, type Sources, settle } from './settings.ts';

export interface DelegateSources {
  /** What all of them say together. */
  readonly env: Environment;
  /** The file that a variable stands in; undefined for those of our own environment. */
  fileOf(variable: string): string | undefined;
  /** The origin of what variables say together, in words: `ACCOUNT_ID`, `PROXY_HOST, PROXY_PORT in /etc/delegate.env`. */
  originOf(...variables: readonly string[]): string;
  /** Whether anything speaks of a delegate: its variables, or a file with its environment. */
  readonly isBeside: boolean;
}

/** The sources of a command that looks as the delegate does. */
export interface AgentSources extends Sources {
  readonly delegate: DelegateSources;
}

export interface Files {
  /** Text of a file; throws with an errno in `code`. */
  readonly readFile: (path: string) => string;
  readonly exists: (path: string) => boolean;
}

/** What a start script of the delegate takes from its proxy file. */
const proxyVariables = [
  ...['PROXY_HOST', 'PROXY_PORT', 'PROXY_SCHEME', 'PROXY_USER', 'PROXY_PASSWORD'],
  ...['PROXY_PASSWORD_ENC', 'NO_PROXY', 'PROXY_MANAGER', 'PROXY_TLS_CONNECT'],
] as const;

/** Of those in a file only that they are set is kept: nothing here has a use for more. */
const tokens = ['DELEGATE_TOKEN', 'ACCOUNT_SECRET', 'TOKEN', 'UPGRADER_TOKEN'];
const notKept = '(not kept)';

/**
 * A file given by `--delegate-env` goes before our own environment, which is another container's then.
 * A proxy file goes before both, because the delegate's start script reads it last.
 */
export function readDelegateSources(
  sources: Sources,
  files: Files,
  findings: Findings,
): DelegateSources {
  const given = readGivenFile(sources, files, findings);
  const layers: Layer[] = given ? [given] : [];
  const own = { ...sources.env, ...given?.values };
  const isBeside = given !== undefined || isBesideDelegate(own);
  const proxyFile = readProxyFile(own, isBeside, files, findings);
  if (proxyFile) layers.unshift(proxyFile);
  const env = Object.assign({}, sources.env, ...layers.toReversed().map(({ values }) => values));
  const fileOf = (variable: string): string | undefined =>
    layers.find(({ values }) => variable in values)?.path;
  const originOf = (...variables: readonly string[]): string => {
    const path = fileOf(variables[0] ?? '');
    if (variables.some((variable) => fileOf(variable) !== path)) {
      return variables.map((variable) => originOf(variable)).join(', ');
    }
    const together = variables.join(', ');
    return path === undefined ? together : `${together} in ${sanitise(path)}`;
  };
  findings.origins.push(...notActedOn(env, originOf));
  return { env, fileOf, originOf, isBeside };
}

/** What the delegate would act on and we do not: said, so that nobody looks for its effect. */
function notActedOn(
  env: Environment,
  originOf: (variable: string) => string,
): readonly SettingOrigin[] {
  const tls = said(env, 'PROXY_TLS_CONNECT');
  const isEncrypted = said(env, 'PROXY_PASSWORD_ENC') && !said(env, 'PROXY_PASSWORD');
  return [
    ...(tls === undefined
      ? []
      : [
          {
            setting: 'delegate.proxyTlsConnect',
            value: /^(?:true|false)$/i.test(tls) ? tls : unshown(tls),
            origin: `${originOf('PROXY_TLS_CONNECT')}; not acted on, for PROXY_SCHEME says how the proxy is spoken to`,
          },
        ]),
    ...(isEncrypted
      ? [
          {
            setting: 'delegate.proxyPassword',
            value: '',
            origin: `${originOf('PROXY_PASSWORD_ENC')}; not used, for only the delegate can decrypt it`,
          },
        ]
      : []),
  ];
}

interface Layer {
  readonly path: string;
  readonly values: Environment;
}

function readGivenFile(
  sources: Sources,
  { readFile }: Files,
  findings: Findings,
): Layer | undefined {
  const setting = settle('delegateEnv', sources, findings);
  if (!setting) return undefined;
  const { value: path, origin: where } = setting;
  const expected =
    'a readable file of NAME=value lines, or /proc/PID/environ of a process of the same user';
  try {
    const values = parseAssignments(readFile(path));
    if (values.size === 0) {
      findings.problems.push({ where, what: `"${sanitise(path)}" assigns nothing`, expected });
    }
    const kept = [...values].map(([name, value]) => [name, keep(name, value)]);
    return { path, values: Object.fromEntries(kept) };
  } catch (error) {
    const what = `cannot read "${sanitise(path)}" (${errorCode(error)})`;
    findings.problems.push({ where, what, expected });
    return undefined;
  }
}

const keep = (name: string, value: string): string =>
  value !== '' && tokens.includes(name) ? notKept : value;

/** What is wrong with the file stands in the table and stops nothing: the image may name a file that is not there. */
function readProxyFile(
  env: Environment,
  isBeside: boolean,
  { readFile, exists }: Files,
  { origins }: Findings,
): Layer | undefined {
  const row = (value: string, origin: string): void => {
    origins.push({ setting: 'delegate.proxyFile', value, origin });
  };
  if (!isBeside) {
    row('', 'not set, for nothing speaks of a delegate here');
    return undefined;
  }
  const places = proxyFilePlaces(env);
  const found = places.find(({ path }) => exists(path));
  if (!found) {
    row('', `not found: looked at ${places.map(({ path }) => path).join(', ')}`);
    return undefined;
  }
  const { path, origin } = found;
  try {
    const all = parseAssignments(readFile(path));
    const named = proxyVariables.filter((name) => all.has(name));
    row(path, origin);
    return { path, values: Object.fromEntries(named.map((name) => [name, all.get(name)])) };
  } catch (error) {
    row(path, `${origin}; not used, for it cannot be read (${errorCode(error)})`);
    return undefined;
  }
}

/** In the order in which they count: the mounted one replaces the one in the working directory. */
function proxyFilePlaces(env: Environment) {
  const named = said(env, 'PROXY_CONFIG_FILE');
  const beside = said(env, 'WORKING_DIR') ?? delegateHome;
  const found = 'found where the delegate looks';
  return [
    ...(named === undefined ? [] : [{ path: named, origin: 'PROXY_CONFIG_FILE' }]),
    { path: '/run/secrets/proxy.config', origin: found },
    { path: `${beside}/proxy.config`, origin: found },
  ];
}
