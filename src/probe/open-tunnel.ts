/** The proxy step: a tunnel to the target by HTTP CONNECT (RFC 9110 section 9.3.6). */
import { request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { sanitise } from '../base/sanitise.ts';
import type { ProxyConfig } from '../config/config.ts';
import type { ProxySeen } from '../evidence/evidence.ts';
import { seeForeignOctets } from '../evidence/foreign-octets.ts';
import { boundHead } from './bound-head.ts';
import { failed, passed, type StepResult, stepError, timedOut } from './step-result.ts';

export interface Tunnel {
  readonly result: StepResult<Socket>;
  readonly seen?: ProxySeen;
}

const maxHeaderSize = 16 * 1024;

/** `authority` is `host:port` as CONNECT names it. The socket given is used up, whatever comes of it. */
export async function openTunnel(
  toProxy: Socket,
  proxy: ProxyConfig,
  authority: string,
  signal: AbortSignal,
): Promise<Tunnel> {
  if (proxy.protocol === 'http') return askForTunnel(toProxy, proxy, authority, signal);
  const secured = await secure(toProxy, proxy.host, signal);
  return secured.passed
    ? askForTunnel(secured.value, proxy, authority, signal)
    : { result: secured, seen: { secured: false } };
}

function askForTunnel(
  socket: Socket,
  proxy: ProxyConfig,
  authority: string,
  signal: AbortSignal,
): Promise<Tunnel> {
  return new Promise((resolve) => {
    const asking = request({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorisation(proxy) },
      maxHeaderSize,
      signal,
    });
    const { octetsBefore } = boundHead(asking);
    asking.once('connect', (answer, tunnel, head) => {
      const status = answer.statusCode ?? 0;
      const seen = { status, ...readAnswer(answer.headers) };
      const ok = status >= 200 && status < 300;
      if (ok && head.length > 0) tunnel.unshift(head);
      if (!ok) tunnel.destroy();
      resolve({
        result: ok ? passed(tunnel as Socket) : failed({ code: 'PROXY_REFUSED' }),
        seen,
      });
    });
    asking.on('error', (error) => {
      socket.destroy();
      const octets = octetsBefore() === 0 && (error as { rawPacket?: unknown }).rawPacket;
      resolve({
        result: failed(signal.aborted ? timedOut : stepError(error)),
        ...seeSilence(proxy, octets),
      });
    });
    asking.end();
  });
}

/** What there is to say of a proxy that gave no answer. */
function seeSilence({ protocol }: ProxyConfig, octets: unknown): { readonly seen?: ProxySeen } {
  // CONNECT goes over TLS only where TLS stands.
  const isSecured = protocol === 'https';
  const notHttp = octets instanceof Uint8Array ? seeForeignOctets(octets) : undefined;
  if (!isSecured && !notHttp) return {};
  return { seen: { ...(notHttp && { notHttp }), ...(isSecured && { secured: true }) } };
}

/**
 * The proxy's own certificate is checked: its password is a secret. Nothing is asked before it holds, for an error
 * of TLS would else come as one of the request, without OpenSSL's code.
 */
function secure(
  toProxy: Socket,
  host: string,
  signal: AbortSignal,
): Promise<StepResult<TLSSocket>> {
  // An address is no server name (RFC 6066 section 3); it is what the certificate must be for all the same.
  const servername = isIP(host) === 0 ? host : '';
  const socket = connectTls({
    ...{ socket: toProxy, host, servername, ALPNProtocols: ['http/1.1'] },
    // Said outright, since the environment can turn the default off: the password goes to no stranger.
    rejectUnauthorized: true,
  });
  return new Promise((resolve) => {
    let error: unknown;
    const done = (result: StepResult<TLSSocket>): void => {
      signal.removeEventListener('abort', gaveUp);
      socket.off('close', closed);
      if (!result.passed) socket.destroy();
      resolve(result);
    };
    const closed = (): void =>
      done(failed(error === undefined ? { code: 'CLOSED' } : stepError(error)));
    const gaveUp = (): void => done(failed(timedOut));
    // Stays on: a late error concerns nobody.
    socket.on('error', (thrown) => {
      error = thrown;
    });
    socket.once('secureConnect', () => done(passed(socket))).once('close', closed);
    signal.addEventListener('abort', gaveUp, { once: true });
    if (signal.aborted) gaveUp();
  });
}

function authorisation({ userinfo }: ProxyConfig): Record<string, string> {
  if (!userinfo) return {};
  const credentials = Buffer.from(userinfo.reveal()).toString('base64');
  return { 'proxy-authorization': `Basic ${credentials}` };
}

function readAnswer(headers: NodeJS.Dict<string | string[]>): Partial<ProxySeen> {
  const offered = headers['proxy-authenticate'];
  const via = headers['via'];
  return {
    ...(offered !== undefined && { authenticationSchemes: authenticationSchemes(offered) }),
    ...(typeof via === 'string' && { via: sanitise(via) }),
  };
}

/** The scheme is a challenge's first word; parameters never hold a word that a space follows without `=`. */
function authenticationSchemes(challenges: string | readonly string[]): readonly string[] {
  const words = String(challenges).matchAll(/(?:^|,)\s*([A-Za-z][\w-]*)(?=\s|,|$)/g);
  return [...new Set([...words].map(([, scheme]) => sanitise(scheme ?? '').toLowerCase()))];
}
