/** What the delegate's own environment says about its gateway, its certificate, its CA bundle and itself, by its older and its 3.x names. */
import type { Problem } from '../base/cannot-run.ts';
import type { DelegateSources } from './delegate-sources.ts';
import { parseTargetUrl } from './parse-url.ts';
import { targetOption } from './target-option.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface DelegateTarget {
  readonly url: URL;
  readonly printable: string;
  readonly origin: string;
}

/** One path with the name of what said it. */
interface FoundPath {
  readonly path: string;
  readonly origin: string;
}

export interface DelegatePair {
  readonly cert: FoundPath;
  readonly key: FoundPath;
}

/** Where the delegate's image works, unless WORKING_DIR says otherwise. */
export const delegateHome = '/opt/harness-delegate';

/** Where the delegate's image expects its client certificate. */
const mounted = { cert: '/etc/mtls/client.crt', key: '/etc/mtls/client.key' } as const;

/** Where the delegate's image expects the certificates that its Java is to trust besides its own. */
const mountedCa = `${delegateHome}/ca-bundle`;

const pairVariables = [
  ['DELEGATE_CLIENT_CERTIFICATE_PATH', 'DELEGATE_CLIENT_CERTIFICATE_KEY_PATH'],
  ['HARNESS_CLIENT_CERT_FILE', 'HARNESS_CLIENT_KEY_FILE'],
] as const;

/** Variables that nothing but a delegate's image, chart or configuration sets. */
const signs = [
  ...['MANAGER_HOST_AND_PORT', 'DELEGATE_NAME', 'DELEGATE_TOKEN', 'DELEGATE_TYPE'],
  ...pairVariables.flat(),
  'HARNESS_CERTS_DIR',
];

/** What 3.x calls its address, name and token: signs only beside an account, for the words are anybody's. */
const recentSigns = ['URL', 'NAME', 'TOKEN'];

export function isBesideDelegate(env: Environment): boolean {
  const isSaid = (name: string): boolean => said(env, name) !== undefined;
  return signs.some(isSaid) || (isSaid('ACCOUNT_ID') && recentSigns.some(isSaid));
}

/** Where the address of the manager may stand, for those who ask where we looked. */
export const managerVariables = ['MANAGER_HOST_AND_PORT', 'URL beside ACCOUNT_ID'] as const;

/** A name of 3.x that says little by itself (`URL`, `NAME`) counts only beside an account. */
function variableFor(env: Environment, name: string, recent: string): string | undefined {
  if (said(env, name) !== undefined) return name;
  const isMeant = said(env, 'ACCOUNT_ID') !== undefined && said(env, recent) !== undefined;
  return isMeant ? recent : undefined;
}

/**
 * The manager's status page of the account, which answers without a token; the manager itself when no
 * account is named. Undefined when no manager is named, or its name is a problem.
 */
export function delegateTarget(
  { env, originOf }: DelegateSources,
  problems: Problem[],
): DelegateTarget | undefined {
  const variable = variableFor(env, 'MANAGER_HOST_AND_PORT', 'URL');
  if (variable === undefined) return undefined;
  const origin = originOf(variable);
  const parsed = parseTargetUrl(said(env, variable) ?? '', targetOption);
  if ('what' in parsed) {
    const { what, expected } = parsed;
    problems.push({ where: origin, what, expected });
    return undefined;
  }
  const account = said(env, 'ACCOUNT_ID');
  if (account === undefined) {
    return { url: parsed.value, printable: parsed.printable, origin };
  }
  const url = new URL(parsed.value);
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = `${base}/api/account/${encodeURIComponent(account)}/status`;
  url.search = '';
  return { url, printable: url.href, origin: originOf(variable, 'ACCOUNT_ID') };
}

/** Whether a host and port are the manager's. Without a named manager, every target stands for it. */
export function isManager(sources: DelegateSources, target: URL): boolean {
  const manager = delegateTarget(sources, []);
  return manager === undefined || manager.url.host === target.host;
}

/** Where certificate and key are looked for, in this order. */
export const pairPlaces = {
  cert: [...pairVariables.map(([cert]) => cert), mounted.cert],
  key: [...pairVariables.map(([, key]) => key), mounted.key],
} as const;

/** Certificate and key, always together: one from here and one from elsewhere would not match. */
export function delegatePair(
  { env, originOf }: DelegateSources,
  exists: (path: string) => boolean,
): DelegatePair | undefined {
  for (const [certName, keyName] of pairVariables) {
    const cert = said(env, certName);
    const key = said(env, keyName);
    if (cert === undefined && key === undefined) continue;
    return {
      cert: {
        path: cert ?? mounted.cert,
        origin: cert === undefined ? beside(keyName) : originOf(certName),
      },
      key: {
        path: key ?? mounted.key,
        origin: key === undefined ? beside(certName) : originOf(keyName),
      },
    };
  }
  // One of them alone is a fault worth a report, so either is enough.
  if (!exists(mounted.cert) && !exists(mounted.key)) return undefined;
  const origin = 'found at /etc/mtls';
  return { cert: { path: mounted.cert, origin }, key: { path: mounted.key, origin } };
}

/** Where certificates to trust are looked for. */
export const caPlaces = ['HARNESS_CERTS_DIR', mountedCa] as const;

/** The directory of certificates that the delegate trusts besides the usual ones. */
export function delegateCa(
  { env, originOf }: DelegateSources,
  exists: (path: string) => boolean,
): FoundPath | undefined {
  const named = said(env, 'HARNESS_CERTS_DIR');
  if (named !== undefined) return { path: named, origin: originOf('HARNESS_CERTS_DIR') };
  return exists(mountedCa) ? { path: mountedCa, origin: `found at ${mountedCa}` } : undefined;
}

/** One thing that the delegate calls itself, with what said it. */
interface Named {
  readonly value: string;
  readonly origin: string;
}

export function delegateIdentity({ env, originOf }: DelegateSources): {
  readonly name?: Named;
  readonly account?: Named;
} {
  const named = (variable: string | undefined): Named | undefined => {
    const value = variable === undefined ? undefined : said(env, variable);
    if (variable === undefined || value === undefined) return undefined;
    return { value, origin: originOf(variable) };
  };
  const name = named(variableFor(env, 'DELEGATE_NAME', 'NAME'));
  const account = named('ACCOUNT_ID');
  return { ...(name && { name }), ...(account && { account }) };
}

const beside = (variable: string): string => `the delegate's default beside ${variable}`;

/** An empty variable says nothing: charts and compose files leave such behind. */
export function said(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}
