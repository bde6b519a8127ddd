/** A proxy as people write it: `http://user:password@proxy:3128`, or just `proxy:3128`. */
import { Secret } from '../base/secret.ts';
import type { ProxyConfig } from '../config/config.ts';

/** What is expected where a proxy is asked for. */
export const proxyExpected = 'http://HOST:PORT or https://HOST:PORT, with USER:PASSWORD@ if needed';

/** Undefined when the text names no HTTP proxy. Without a port, the scheme's own. Escapes in user and password are undone. */
export function parseProxyUrl(text: string): ProxyConfig | undefined {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = /\s/.test(withScheme) ? null : URL.parse(withScheme);
  if (!url || !isOrigin(url)) return undefined;
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  const userinfo = userinfoOf(url);
  if (userinfo === 'broken') return undefined;
  return {
    protocol,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (protocol === 'http' ? 80 : 443)),
    ...(userinfo !== 'none' && { userinfo }),
  };
}

/** Whether it is of http or https and names nothing but a host, a port and a user. */
function isOrigin({ protocol, hostname, port, pathname, search, hash }: URL): boolean {
  const schemeFits = protocol === 'http:' || protocol === 'https:';
  return schemeFits && hostname !== '' && port !== '0' && `${pathname}${search}${hash}` === '/';
}

/** For output: the origin, with a mark in place of user and password. */
export function printableProxy({ protocol, host, port, userinfo }: ProxyConfig): string {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return `${protocol}://${userinfo ? '***@' : ''}${bracketed}:${port}`;
}

function userinfoOf({ username, password }: URL): Secret | 'none' | 'broken' {
  if (username === '' && password === '') return 'none';
  try {
    return new Secret(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  } catch {
    return 'broken';
  }
}
