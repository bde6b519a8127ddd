/** What one attempt aims at: the configuration of a target, worked out to host, port, names and paths. */
import type { ProxyConfig, TargetConfig, TlsConfig } from '../config/config.ts';
import { isIP } from './is-ip.ts';

export interface Target {
  /** Safe to print: no userinfo, query or fragment. */
  readonly url: string;
  /** Without brackets, for an IPv6 literal. */
  readonly host: string;
  readonly port: number;
  /** For server_name and for checking the certificate; absent for an address, which has no server name. */
  readonly serverName?: string;
  readonly address?: string;
  readonly proxy?: ProxyConfig;
  readonly tls: TlsConfig;
  /** Path with query for the http step; absent when none is wanted. May hold a secret: goes on the wire only. */
  readonly httpPath?: string;
  /** Path with query to upgrade; absent when none is wanted. */
  readonly websocketPath?: string;
}

export function aim(config: TargetConfig): Target {
  const { url } = config;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const serverName = config.serverName ?? (isIP(host) ? undefined : host);
  const path = `${url.pathname}${url.search}`;
  const websocketPath = url.protocol === 'wss:' ? path : config.websocketPath;
  return {
    url: printableUrl(url),
    host,
    port: Number(url.port || 443),
    tls: config.tls,
    ...(serverName !== undefined && { serverName }),
    ...(config.address !== undefined && { address: config.address }),
    ...(config.proxy && { proxy: config.proxy }),
    ...(url.protocol === 'https:' && { httpPath: path }),
    ...(websocketPath !== undefined && { websocketPath }),
  };
}

/** Scheme, host, port and path: userinfo, query and fragment may hold secrets. */
export function printableUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
