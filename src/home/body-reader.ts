/**
 * Reads the bodies of requests within one bound of memory for all of them; the server bounds each in time.
 * When it is reached, whoever holds the most gives up what it has held longest: never a sender whose bodies
 * come whole.
 */
import type { IncomingMessage } from 'node:http';
import type { Sender } from './sender.ts';

/** `crowded`: it had to make room. */
export type ReadBody = Buffer | 'too-large' | 'crowded';

interface Reading {
  readonly identity: string;
  octets: number;
  /** Ends it at once as `crowded`. */
  readonly giveUp: () => void;
}

/** Of one body. */
export const maxBodyOctets = 4 * 1024 * 1024;

export class BodyReader {
  readonly #maxTogether: number;
  /** In the order in which they began. */
  readonly #readings = new Set<Reading>();
  #together = 0;

  constructor(maxTogether: number = 32 * 1024 * 1024) {
    this.#maxTogether = maxTogether;
  }

  /** Rejects when the peer goes away. */
  async read(request: IncomingMessage, { identity }: Sender): Promise<ReadBody> {
    if (Number(request.headers['content-length'] ?? 0) > maxBodyOctets) return 'too-large';
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const finish = (settle: () => void): void => {
        request.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
        this.#together -= reading.octets;
        this.#readings.delete(reading);
        settle();
      };
      const end = (result: ReadBody): void => finish(() => resolve(result));
      const onData = (chunk: Buffer): void => {
        chunks.push(chunk);
        reading.octets += chunk.length;
        this.#together += chunk.length;
        if (reading.octets > maxBodyOctets) end('too-large');
        else if (this.#together > this.#maxTogether) this.#makeRoom();
      };
      const onEnd = (): void => end(Buffer.concat(chunks, reading.octets));
      const onError = (error: Error): void => finish(() => reject(error));
      const onClose = (): void => onError(new Error('the sender went away'));
      const reading: Reading = { identity, octets: 0, giveUp: () => end('crowded') };
      this.#readings.add(reading);
      request.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
    });
  }

  #makeRoom(): void {
    const held = new Map<string, number>();
    for (const { identity, octets } of this.#readings) {
      held.set(identity, (held.get(identity) ?? 0) + octets);
    }
    const [[most] = ['']] = [...held].sort(([, a], [, b]) => b - a);
    for (const reading of this.#readings) {
      if (reading.identity !== most || reading.octets === 0) continue;
      reading.giveUp();
      return;
    }
  }
}
