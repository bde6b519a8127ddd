/** One HTTP exchange with home: own trust, own certificate, own proxy, no redirects, bounded in time and size. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import type { buildConnector, Client, Dispatcher } from 'undici';
import { CannotRun } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';
import type { HomeConfig } from '../../config/config.ts';
import { parseRetryAfter } from '../../retry/retry-after.ts';
import { boundAnswers } from './bound-answers.ts';
import type { HomeCredential } from './home-credential.ts';
import { keepSession } from './keep-session.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfterMs?: number;
}

export interface Post {
  readonly contentType: string;
  readonly idempotencyKey: string;
  readonly body: string;
  readonly credential: HomeCredential;
  /** Besides; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Longer than between the reports of one moment, shorter than from one heartbeat to the next. */
const idleMs = 10_000;
/** Answers mean something by their status alone; this much of a body is read so that the connection can be used again. */
const maxAnswerBytes = 64 * 1024;

export class HomeConnection {
  readonly #home: HomeConfig;
  readonly #clock: Clock;
  #dispatcher: Dispatcher | undefined;
  /** Of what the dispatcher was made with: another one is made when it changes. */
  #madeWith = '';

  /** Throws CannotRun for a plain-text home that is not on this machine. */
  constructor(home: HomeConfig, clock: Clock) {
    if (home.url.protocol !== 'https:') requireLoopback(home);
    this.#home = home;
    this.#clock = clock;
  }

  /** Resolves with whatever was answered; rejects with the network's error, or the signal's. */
  async post(
    { contentType, idempotencyKey, body, credential, headers = {} }: Post,
    signal: AbortSignal,
  ): Promise<Answer> {
    const dispatcher = await this.#dispatcherFor(credential);
    const { pathname, search, host } = this.#home.url;
    const response = await dispatcher.request({
      origin: dialledOrigin(this.#home),
      path: `${pathname}${search}`,
      method: 'POST',
      headers: {
        ...headers,
        host,
        'content-type': contentType,
        'idempotency-key': idempotencyKey,
        ...(credential.token && { authorization: `Bearer ${credential.token.reveal()}` }),
      },
      body,
      signal,
    });
    await drain(response.body);
    const header = response.headers['retry-after'];
    const retryAfterMs =
      typeof header === 'string' ? parseRetryAfter(header, this.#clock.now()) : undefined;
    return { status: response.statusCode, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }

  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
    this.#dispatcher = undefined;
  }

  async #dispatcherFor(credential: HomeCredential): Promise<Dispatcher> {
    const { ca, cert, key } = credential;
    const wanted = fingerprint([ca, cert, key?.reveal()]);
    if (this.#dispatcher && this.#madeWith === wanted) return this.#dispatcher;
    await this.close();
    this.#dispatcher = await makeDispatcher(this.#home, credential);
    this.#madeWith = wanted;
    return this.#dispatcher;
  }
}

function fingerprint(values: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

/** What is dialled, or named to a proxy: the address where one is given, whatever the URL's host is. */
function dialledOrigin({ url, address }: HomeConfig): string {
  if (address === undefined) return url.origin;
  const host = isIP(address) === 6 ? `[${address}]` : address;
  return `${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`;
}

/** What undici's proxy agent gives to whatever makes its clients. */
interface ProxiedOptions extends Omit<Client.Options, 'connect'> {
  readonly connect: buildConnector.connector;
}

/**
 * undici reads answers with WebAssembly, which V8 would compile a second time, optimised: 13 MB at the peak of `run`, to
 * no use with a few answers a minute. Said after undici is loaded: V8 refuses code caches once its flags have changed.
 */
function compileWebAssemblyOnce(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}

/** undici costs tens of milliseconds to load: only now, when something is to be sent. */
export async function makeDispatcher(
  { url, address, proxy }: Pick<HomeConfig, 'url' | 'address' | 'proxy'>,
  { ca, cert, key }: HomeCredential,
): Promise<Dispatcher> {
  // By its default export: bundled, a CommonJS package has no other.
  const undici = (await import('undici')).default;
  compileWebAssemblyOnce();
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const tls = {
    // The bound on answers is one of HTTP/1.1.
    allowH2: false,
    // Said outright, since the environment can turn the default off: the token goes to no stranger.
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key && { key: key.reveal() }),
    // The certificate is to be that of the URL's host, whatever is dialled.
    ...(address !== undefined && {
      ...(isIP(host) === 0 && { servername: host }),
      checkServerIdentity: (_: string, certificate: PeerCertificate) =>
        checkServerIdentity(host, certificate),
    }),
  };
  // Whatever home offers: with nothing more to say, a connection costs both ends more than the next one will.
  const keepAlive = { keepAliveTimeout: idleMs, keepAliveMaxTimeout: idleMs };
  const bounds = { connections: 1, pipelining: 1, ...keepAlive };
  if (!proxy) {
    const connect = keepSession((session) =>
      undici.buildConnector({ ...tls, ...(session && { session }) }),
    );
    return new undici.Agent({ ...bounds, connect: boundAnswers(connect) });
  }
  // Both what the proxy answers to CONNECT and what home answers through it.
  const boundClient = (origin: string | URL, options: object): Dispatcher => {
    const { connect, ...rest } = options as ProxiedOptions;
    return new undici.Client(origin, { ...rest, connect: boundAnswers(connect) });
  };
  const proxyHost = isIP(proxy.host) === 6 ? `[${proxy.host}]` : proxy.host;
  return new undici.ProxyAgent({
    ...bounds,
    factory: boundClient,
    clientFactory: boundClient,
    uri: `${proxy.protocol}://${proxyHost}:${proxy.port}`,
    requestTls: tls,
    proxyTls: { allowH2: false, rejectUnauthorized: true },
    ...(proxy.userinfo && {
      token: `Basic ${Buffer.from(proxy.userinfo.reveal()).toString('base64')}`,
    }),
  });
}

/** The status has been said: what goes wrong with the body after it changes nothing. */
async function drain(body: Dispatcher.ResponseData['body']): Promise<void> {
  let octets = 0;
  try {
    for await (const chunk of body) {
      octets += (chunk as Buffer).length;
      if (octets > maxAnswerBytes) break;
    }
  } catch {
    // Cut off or too slow.
  }
}

function requireLoopback({ url, address, proxy }: HomeConfig): void {
  const host = address ?? url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isLoopback = host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
  if (url.protocol === 'http:' && isLoopback && !proxy) return;
  throw new CannotRun([
    {
      where: '--home',
      what: `${url.origin} is not protected by TLS`,
      expected: 'an https:// URL; http:// only to a loopback address without a proxy',
    },
  ]);
}
