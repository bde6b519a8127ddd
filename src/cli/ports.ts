/** The outside world, as the use cases take it. */
import type { Ports, ProgramLog } from '../agent/ports.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Io } from './io.ts';

export function systemPorts(io: Io, log: ProgramLog, signal: AbortSignal): Ports {
  return {
    clock: systemClock,
    random: systemRandom,
    hostname: io.hostname,
    ...(io.uid !== undefined && { uid: io.uid }),
    signal,
    log,
  };
}

/** Aborted by SIGTERM or SIGINT; `release` gives both back to the system. */
export function endSignal(io: Io): { readonly signal: AbortSignal; readonly release: () => void } {
  const ending = new AbortController();
  const abort = (): void => ending.abort();
  const releases = [io.onSignal('SIGTERM', abort), io.onSignal('SIGINT', abort)];
  return { signal: ending.signal, release: () => releases.forEach((release) => void release()) };
}

export interface KeptSignal {
  /** Tells the listener of each signal, and of one that came before it; gives the function that ends this. */
  readonly listen: (listener: () => void) => () => void;
  /** Gives the signal back to the system, whose answer to it is to end the process. */
  readonly release: () => void;
}

/** From now on the signal ends nothing, even while nobody listens: not yet, or no longer. */
export function keepSignal(io: Io, name: 'SIGHUP' | 'SIGUSR2'): KeptSignal {
  let listening: (() => void) | undefined;
  let hasCome = false;
  const release = io.onSignal(name, () => {
    hasCome = listening === undefined;
    listening?.();
  });
  const listen = (listener: () => void): (() => void) => {
    listening = listener;
    if (hasCome) listener();
    return () => {
      listening = undefined;
    };
  };
  return { listen, release };
}
