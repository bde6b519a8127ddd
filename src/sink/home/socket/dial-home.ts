/** A connection to home that may carry a secret: through a proxy where one is given, and under TLS that has been verified. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { HomeConfig, ProxyConfig } from '../../../config/config.ts';
import type { HomeCredential } from '../home-credential.ts';

/** A proxy that answered CONNECT with something else than 2xx. */
export class ProxyRefused extends Error {
  override readonly name = 'ProxyRefused';
  readonly code: string;

  constructor(status: number) {
    super(`CONNECT was answered with ${status}`);
    this.code = `PROXY_REFUSED_${status}`;
  }
}

const maxHeaderSize = 16 * 1024;

/** Rejects with the network's error, or the signal's reason; nothing is left open then. */
export async function dialHome(
  home: HomeConfig,
  credential: HomeCredential,
  signal: AbortSignal,
): Promise<Socket> {
  const { hostname, protocol } = home.url;
  const isSecure = protocol === 'wss:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(home.url.port || (isSecure ? 443 : 80));
  const dialled = home.address ?? host;
  const socket = await (home.proxy
    ? tunnelTo(dialled, port, home.proxy, signal)
    : dial(dialled, port, signal));
  if (!isSecure) return socket;
  const { ca, cert, key } = credential;
  return secure(socket, host, signal, {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key && { key: key.reveal() }),
  });
}

function dial(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return settled(connect({ host, port, noDelay: true }), 'connect', signal);
}

/** Names are left to the proxy to resolve. */
async function tunnelTo(
  host: string,
  port: number,
  proxy: ProxyConfig,
  signal: AbortSignal,
): Promise<Socket> {
  const plain = await dial(proxy.host, proxy.port, signal);
  const socket = proxy.protocol === 'https' ? await secure(plain, proxy.host, signal, {}) : plain;
  const authority = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  const asking = request({
    createConnection: () => socket,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...authorisation(proxy) },
    maxHeaderSize,
  });
  // Given up, it says so once more, when nobody waits for it: unheard, that would end the process.
  asking.on('error', () => {});
  asking.end();
  return settling(socket, signal, async () => {
    const [answer, tunnel, head] = await once(asking, 'connect', { signal });
    const { statusCode = 0 } = answer;
    if (statusCode < 200 || statusCode > 299) throw new ProxyRefused(statusCode);
    if (head.length > 0) tunnel.unshift(head);
    return tunnel;
  });
}

function authorisation({ userinfo }: ProxyConfig): Readonly<Record<string, string>> {
  if (!userinfo) return {};
  return {
    'proxy-authorization': `Basic ${Buffer.from(userinfo.reveal()).toString('base64')}`,
  };
}

interface OwnTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

function secure(plain: Socket, host: string, signal: AbortSignal, own: OwnTls): Promise<TLSSocket> {
  return settling(plain, signal, () => {
    const socket = connectTls({
      socket: plain,
      host,
      // An address is no server name (RFC 6066 section 3); it is what the certificate must be for all the same.
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
      // Said outright, since the environment can turn the default off: the token goes to no stranger.
      rejectUnauthorized: true,
      ...own,
    });
    return settled(socket, 'secureConnect', signal);
  });
}

function settled<T extends Socket>(
  socket: T,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<T> {
  return settling(socket, signal, async () => {
    await once(socket, event, { signal });
    return socket;
  });
}

/** What the step gives; when it fails, the socket it stands on is closed. */
async function settling<T>(
  socket: Socket,
  signal: AbortSignal,
  step: () => Promise<T>,
): Promise<T> {
  // Stays on: a late error concerns nobody, for the close that follows it is seen.
  socket.on('error', () => {});
  try {
    return await step();
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? signal.reason : error;
  }
}
