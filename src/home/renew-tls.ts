/** Takes a new certificate into use while home runs: files that change are read again, and what cannot be used changes nothing. */
import type { Server } from 'node:https';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';

/** PEM. */
export interface TlsFiles {
  /** Leaf first. */
  readonly cert: string;
  readonly key?: string;
  /** Certificates that it issued are as good as a token. */
  readonly clientCa?: string;
}

export interface RenewalOptions {
  readonly inUse: TlsFiles;
  /** Throws when one of them cannot be read. */
  readonly read: () => TlsFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly onRenewed: () => void;
  /** Once for each state of the files: a certificate may be there before its key. */
  readonly onFault: (error: unknown) => void;
}

const renewalMs = 10_000;
const ticketKeyOctets = 48;

/** Connections that are open keep what they began with. The returned function ends it. */
export function renewTls(
  server: Pick<Server, 'setSecureContext'>,
  { inUse, read, clock, random, onRenewed, onFault }: RenewalOptions,
): () => void {
  let seen: string | undefined = stateOf(inUse);
  const look = (): void => {
    const files = readOr(read, (error) => {
      if (seen !== undefined) onFault(error);
    });
    const found = files && stateOf(files);
    if (found === seen) return;
    seen = found;
    if (!files) return;
    try {
      // Sessions of before end with their keys: they would let in whom a former client CA had issued a certificate.
      const ticketKeys = Buffer.from(random.bytes(ticketKeyOctets));
      server.setSecureContext({ ...contextOf(files), ticketKeys });
      onRenewed();
    } catch (error) {
      onFault(error);
    }
  };
  const turn = (): void => {
    cancel = clock.after(renewalMs, turn);
    look();
  };
  let cancel = clock.after(renewalMs, turn);
  return () => cancel();
}

function stateOf({ cert, key, clientCa }: TlsFiles): string {
  return JSON.stringify([cert, key, clientCa]);
}

function readOr<T>(read: () => T, onFault: (error: unknown) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    onFault(error);
    return undefined;
  }
}

/** What of a server's options can change while it runs. */
export function contextOf({ cert, key, clientCa }: TlsFiles) {
  return {
    cert,
    ...(key !== undefined && { key }),
    ...(clientCa !== undefined && { ca: clientCa }),
    minVersion: 'TLSv1.2',
  } as const;
}
