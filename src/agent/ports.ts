/** What the use cases need from the outside world, handed in. */
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { StepName } from '../evidence/evidence.ts';

export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly hostname: string;
  /** The program's own word, for stderr: never mixed with events. */
  readonly log: ProgramLog;
}

/** A level, a stable message and facts without secrets. */
export interface ProgramLog {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

export type OnStep = (name: StepName) => void;
