/** One HTTP exchange with a Collector for one signal: own trust, own headers, no redirects, bounded in time and size. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../base/clock.ts';
import type { OtlpSignalConfig } from '../../config/config.ts';
import { parseRetryAfter } from '../../retry/retry-after.ts';
import { makeDispatcher } from '../home/home-connection.ts';
import {
  credentialDigest,
  hasCredentialChanged,
  readHomeCredential,
} from '../home/home-credential.ts';

export interface OtlpAnswer {
  readonly status: number;
  readonly retryAfterMs?: number;
  /** At most 64 KiB; empty where there was more, or it broke off. */
  readonly body: Uint8Array;
}

const maxAnswerBytes = 64 * 1024;
const compress = promisify(gzip);

export class OtlpConnection {
  readonly #signal: OtlpSignalConfig;
  readonly #clock: Clock;
  #dispatcher: Dispatcher | undefined;
  /** Of what the dispatcher was made with: another one is made when it changes. */
  #madeWith = '';

  constructor(signal: OtlpSignalConfig, clock: Clock) {
    this.#signal = signal;
    this.#clock = clock;
  }

  /** Resolves with whatever was answered; rejects with the network's error, a TimeoutError, or the signal's reason. */
  async post(contentType: string, body: Uint8Array, signal: AbortSignal): Promise<OtlpAnswer> {
    const timeout = new AbortController();
    const cancel = this.#clock.after(this.#signal.timeoutMs, () =>
      timeout.abort(new DOMException('the Collector took too long', 'TimeoutError')),
    );
    try {
      return await this.#exchange(contentType, body, AbortSignal.any([signal, timeout.signal]));
    } finally {
      cancel();
    }
  }

  /** Whether the files by which we are known are others than at the last exchange. */
  hasChanged(): Promise<boolean> {
    return hasCredentialChanged(this.#signal, this.#madeWith);
  }

  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
    this.#dispatcher = undefined;
  }

  async #exchange(contentType: string, body: Uint8Array, signal: AbortSignal): Promise<OtlpAnswer> {
    const { url, headers, compression } = this.#signal;
    const dispatcher = await this.#dispatcherNow();
    const response = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: {
        ...Object.fromEntries(headers.map(({ name, value }) => [name, value.reveal()])),
        'content-type': contentType,
        ...(compression === 'gzip' && { 'content-encoding': 'gzip' }),
      },
      body: compression === 'gzip' ? await compress(body) : body,
      signal,
    });
    const said = await readBounded(response.body);
    const header = response.headers['retry-after'];
    const retryAfterMs =
      typeof header === 'string' ? parseRetryAfter(header, this.#clock.now()) : undefined;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { status: response.statusCode, ...wait, body: said };
  }

  async #dispatcherNow(): Promise<Dispatcher> {
    const credential = await readHomeCredential(this.#signal);
    const wanted = credentialDigest(credential);
    if (this.#dispatcher && this.#madeWith === wanted) return this.#dispatcher;
    await this.close();
    this.#dispatcher = await makeDispatcher(this.#signal, credential);
    this.#madeWith = wanted;
    return this.#dispatcher;
  }
}

/** The status has been said: what goes wrong with the body after it changes nothing. */
async function readBounded(body: Dispatcher.ResponseData['body']): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let octets = 0;
  try {
    for await (const chunk of body) {
      octets += (chunk as Buffer).length;
      if (octets > maxAnswerBytes) return new Uint8Array();
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } catch {
    return new Uint8Array();
  }
}
