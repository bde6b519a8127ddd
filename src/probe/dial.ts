/** The tcp step: a connection to the first address that takes one. */
import { connect, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { StepError } from '../evidence/evidence.ts';
import { failed, passed, type StepResult, stepError, timedOut } from './step-result.ts';

/** How long one address is waited for before the next is tried beside it (RFC 8305 section 5). */
const staggerMs = 250;

interface FailedAddress {
  readonly address: string;
  readonly code: string;
}

/** Tries each address in order, a new one when the last failed or has been silent for a while; the first to connect wins. */
export function dial(
  where: { readonly host: string; readonly port: number; readonly addresses: readonly string[] },
  clock: Clock,
  signal: AbortSignal,
): Promise<StepResult<Socket>> {
  const { host, port, addresses } = where;
  return new Promise((resolve) => {
    const open = new Map<string, Socket>();
    const failures: FailedAddress[] = [];
    let lastError: StepError = timedOut;
    let next = 0;
    let cancelStagger = (): void => {};

    const finish = (result: StepResult<Socket>, winner?: Socket): void => {
      cancelStagger();
      signal.removeEventListener('abort', giveUp);
      for (const socket of open.values()) if (socket !== winner) abandon(socket);
      resolve(result);
    };
    const facts = () => ({
      host,
      port,
      ...(failures.length > 0 && { failedAddresses: failures }),
    });
    const giveUp = (): void => {
      for (const address of open.keys()) failures.push({ address, code: timedOut.code });
      finish(failed(timedOut, facts()));
    };
    const tryNext = (): void => {
      cancelStagger();
      const address = addresses[next];
      if (address === undefined) {
        if (open.size === 0) finish(failed(lastError, facts()));
        return;
      }
      next += 1;
      const socket = connect({ host: address, port, noDelay: true });
      open.set(address, socket);
      socket.once('connect', () => {
        socket.removeAllListeners('error');
        finish(passed(socket, { ...facts(), address }), socket);
      });
      socket.once('error', (error) => {
        open.delete(address);
        lastError = stepError(error);
        failures.push({ address, code: lastError.code });
        tryNext();
      });
      if (next < addresses.length) cancelStagger = clock.after(staggerMs, tryNext);
    };

    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    tryNext();
  });
}

function abandon(socket: Socket): void {
  socket.removeAllListeners();
  // A late error of a connection that nobody waits for any more concerns nobody.
  socket.on('error', () => {});
  socket.destroy();
}
