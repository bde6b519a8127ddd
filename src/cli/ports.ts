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
