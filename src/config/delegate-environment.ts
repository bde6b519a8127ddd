/** What the delegate's own environment says about its gateway, its certificate and itself. */
import type { Problem } from '../base/cannot-run.ts';
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

/** Where the delegate's image expects its client certificate. */
const mounted = { cert: '/etc/mtls/client.crt', key: '/etc/mtls/client.key' } as const;

const pairVariables = [
  ['DELEGATE_CLIENT_CERTIFICATE_PATH', 'DELEGATE_CLIENT_CERTIFICATE_KEY_PATH'],
  ['HARNESS_CLIENT_CERT_FILE', 'HARNESS_CLIENT_KEY_FILE'],
] as const;

/**
 * The manager's status page of the account, which answers without a token; the manager itself when no
 * account is named. Undefined when no manager is named, or its name is a problem.
 */
export function delegateTarget(env: Environment, problems: Problem[]): DelegateTarget | undefined {
  const manager = said(env, 'MANAGER_HOST_AND_PORT');
  if (manager === undefined) return undefined;
  const parsed = parseTargetUrl(manager, targetOption);
  if ('what' in parsed) {
    const { what, expected } = parsed;
    problems.push({ where: 'MANAGER_HOST_AND_PORT', what, expected });
    return undefined;
  }
  const account = said(env, 'ACCOUNT_ID');
  if (account === undefined) {
    return { url: parsed.value, printable: parsed.printable, origin: 'MANAGER_HOST_AND_PORT' };
  }
  const url = new URL(parsed.value);
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = `${base}/api/account/${encodeURIComponent(account)}/status`;
  url.search = '';
  return { url, printable: url.href, origin: 'MANAGER_HOST_AND_PORT, ACCOUNT_ID' };
}

/** Whether a host and port are the manager's. Without a named manager, every target stands for it. */
export function isManager(env: Environment, target: URL): boolean {
  const manager = delegateTarget(env, []);
  return manager === undefined || manager.url.host === target.host;
}

/** Certificate and key, always together: one from here and one from elsewhere would not match. */
export function delegatePair(
  env: Environment,
  exists: (path: string) => boolean,
): DelegatePair | undefined {
  for (const [certName, keyName] of pairVariables) {
    const cert = said(env, certName);
    const key = said(env, keyName);
    if (cert === undefined && key === undefined) continue;
    return {
      cert: { path: cert ?? mounted.cert, origin: cert === undefined ? beside(keyName) : certName },
      key: { path: key ?? mounted.key, origin: key === undefined ? beside(certName) : keyName },
    };
  }
  // One of them alone is a fault worth a report, so either is enough.
  if (!exists(mounted.cert) && !exists(mounted.key)) return undefined;
  const origin = 'found at /etc/mtls';
  return { cert: { path: mounted.cert, origin }, key: { path: mounted.key, origin } };
}

export function delegateIdentity(env: Environment): {
  readonly name?: string;
  readonly account?: string;
} {
  const name = said(env, 'DELEGATE_NAME');
  const account = said(env, 'ACCOUNT_ID');
  return { ...(name !== undefined && { name }), ...(account !== undefined && { account }) };
}

const beside = (variable: string): string => `the delegate's default beside ${variable}`;

/** An empty variable says nothing: charts and compose files leave such behind. */
export function said(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}
