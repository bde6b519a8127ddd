/** The outside world, as the use cases take it. */
import type { Ports } from '../agent/ports.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Io } from './io.ts';
import { programLog } from './program-log.ts';

export function systemPorts(io: Io, verbose: boolean): Ports {
  return {
    clock: systemClock,
    random: systemRandom,
    hostname: io.hostname,
    log: programLog(io.stderr, verbose),
  };
}
