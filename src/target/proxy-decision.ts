/**
 * Which proxy the environment asks for on the way to one host, and why, by the delegate's own rules:
 * PROXY_HOST and its companions first, then https_proxy. Pure.
 *
 * NO_PROXY is a list of suffixes, separated by commas; a leading `*` is ignored, `*` alone matches every
 * host, and there are no address ranges. Loopback never goes through a proxy.
 */
import { isIP } from 'node:net';
import type { Problem } from '../base/cannot-run.ts';
import { Secret, unshown } from '../base/secret.ts';
import type { ProxyConfig } from '../config/config.ts';
import { parseProxyUrl, printableProxy, proxyExpected } from './proxy-url.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxyQuestion {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether it is the delegate's manager, which PROXY_MANAGER=false exempts. */
  readonly manager: boolean;
  readonly env: Environment;
  /** Names variables together with where they stand; their names alone when absent. */
  readonly originOf?: (...variables: readonly string[]) => string;
}

export type ProxyDecision =
  | {
      readonly kind: 'direct' | 'proxy';
      readonly proxy?: ProxyConfig;
      /** The proxy that is asked for, and from which this host is exempted; never one for loopback. */
      readonly exempted?: ProxyConfig;
      readonly origin: string;
      readonly because: string;
    }
  | { readonly kind: 'problem'; readonly problem: Problem };

export function decideProxy(question: ProxyQuestion): ProxyDecision {
  const { env, originOf = namesOf } = question;
  const wish = wishOf(env, originOf);
  if (!wish) {
    const because = 'none of PROXY_HOST, https_proxy and HTTPS_PROXY is set';
    return { kind: 'direct', origin: 'default', because };
  }
  if ('problem' in wish) return { kind: 'problem', problem: wish.problem };
  const exemption = exemptionOf(question, originOf);
  const { proxy, origin } = wish;
  if (exemption) {
    const exempted = isLoopback(question.host) ? {} : { exempted: proxy };
    return { kind: 'direct', ...exempted, ...exemption };
  }
  const because = `${origin} asks for ${printableProxy(proxy)}, and nothing exempts ${question.host}`;
  return { kind: 'proxy', proxy, origin, because };
}

type OriginOf = (...variables: readonly string[]) => string;

const namesOf: OriginOf = (...variables) => variables.join(', ');

type Wish =
  | { readonly proxy: ProxyConfig; readonly origin: string }
  | { readonly problem: Problem };

function wishOf(env: Environment, originOf: OriginOf): Wish | undefined {
  const host = env['PROXY_HOST']?.trim();
  if (host) return delegateWish(host, env, originOf);
  const name = ['https_proxy', 'HTTPS_PROXY'].find((variable) => env[variable]?.trim());
  if (name === undefined) return undefined;
  const text = env[name]?.trim() ?? '';
  const proxy = parseProxyUrl(text);
  const origin = originOf(name);
  if (proxy) return { proxy, origin };
  const what = `is not the URL of an HTTP proxy (${unshown(text)})`;
  return { problem: { where: origin, what, expected: proxyExpected } };
}

function delegateWish(host: string, env: Environment, originOf: OriginOf): Wish {
  const scheme = env['PROXY_SCHEME']?.trim().toLowerCase() || 'http';
  const port = env['PROXY_PORT']?.trim() ?? '';
  const problem = delegateProblem(host, scheme, port);
  if (problem) return { problem: { ...problem, where: originOf(problem.where) } };
  const proxy = parseProxyUrl(`${scheme}://${bracketed(host)}${port && `:${port}`}`);
  if (!proxy) return { problem: { ...hostProblem(host), where: originOf('PROXY_HOST') } };
  const userinfo = delegateUserinfo(env);
  const variables = port === '' ? ['PROXY_HOST'] : ['PROXY_HOST', 'PROXY_PORT'];
  return { proxy: { ...proxy, ...(userinfo && { userinfo }) }, origin: originOf(...variables) };
}

function delegateProblem(host: string, scheme: string, port: string): Problem | undefined {
  if (scheme !== 'http' && scheme !== 'https') {
    const what = `is no scheme of a proxy (${unshown(scheme)})`;
    return { where: 'PROXY_SCHEME', what, expected: 'http or https' };
  }
  if (port !== '' && !isPort(port)) {
    const what = `is no port (${unshown(port)})`;
    return { where: 'PROXY_PORT', what, expected: 'a number from 1 to 65535' };
  }
  return /[/@?#]/.test(host) ? hostProblem(host) : undefined;
}

function hostProblem(host: string): Problem {
  const what = `is no host (${unshown(host)})`;
  return { where: 'PROXY_HOST', what, expected: 'a host name or an IP address' };
}

/** Undefined without a user; an absent password is an empty one. */
function delegateUserinfo(env: Environment): Secret | undefined {
  const user = env['PROXY_USER'];
  return user ? new Secret(`${user}:${env['PROXY_PASSWORD'] ?? ''}`) : undefined;
}

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

const isPort = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

/** Why no proxy is used although one is asked for; undefined when nothing exempts the host. */
function exemptionOf(
  question: ProxyQuestion,
  originOf: OriginOf,
): { origin: string; because: string } | undefined {
  const { host, port, env } = question;
  if (isLoopback(host)) {
    return { origin: 'default', because: `${host} is this machine, which no proxy leads to` };
  }
  if (question.manager && env['PROXY_MANAGER']?.trim().toLowerCase() === 'false') {
    const origin = originOf('PROXY_MANAGER');
    const said = origin.replace(/^PROXY_MANAGER/, '$&=false');
    return { origin, because: `${said} exempts the manager` };
  }
  const entry = noProxyEntries(env).find(({ text }) => matches(text, host, port));
  if (!entry) return undefined;
  const origin = originOf(entry.variable);
  return { origin, because: `${origin} exempts ${host} by its entry "${entry.text}"` };
}

/** PROXY_HOST's companion is NO_PROXY, to which the delegate adds the cluster's own address. */
function noProxyEntries(env: Environment): readonly { text: string; variable: string }[] {
  const variable = env['NO_PROXY']?.trim() ? 'NO_PROXY' : 'no_proxy';
  const listed = (env[variable] ?? '').split(',').map((text) => ({ text: text.trim(), variable }));
  const cluster = env['PROXY_HOST']?.trim() ? (env['KUBERNETES_SERVICE_HOST']?.trim() ?? '') : '';
  return [...listed, { text: cluster, variable: 'KUBERNETES_SERVICE_HOST' }].filter(
    ({ text }) => text !== '',
  );
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const [, name = '', onlyPort] = /^\*?(.*?)(?::(\d+))?$/s.exec(entry) ?? [];
  const isAddress = entry.split(':').length > 2;
  const suffix = (isAddress ? entry : name).replace(/^\[|\]$/g, '').toLowerCase();
  if (!isAddress && onlyPort !== undefined && Number(onlyPort) !== port) return false;
  return suffix !== '' && host.toLowerCase().endsWith(suffix);
}

/** `localhost`, names below it, 127.0.0.0/8 and ::1. */
function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127\.\d+\.\d+\.\d+|::1)$/i.test(host);
}
