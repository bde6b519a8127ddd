/** What the use cases need from the outside world, handed in. */
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { StepName } from '../evidence/evidence.ts';
import type { LogFacts } from '../sink/log/program-log.ts';
import type { OpenState } from '../state/open-state.ts';
import type { Damage } from '../state/replace-database.ts';

export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly hostname: string;
  /** Who we are to the files; absent where users have no number. */
  readonly uid?: number;
  /** Aborted: whatever goes on ends at once. */
  readonly signal: AbortSignal;
  /** The program's own word, for stderr: never mixed with events. */
  readonly log: ProgramLog;
  /** Told of each step of a check as it begins, for progress on a terminal. */
  readonly onStep?: (name: StepName) => void;
  /** Told how many experiments of a check are over, of how many: at the beginning and after each. */
  readonly onExperiment?: (over: number, planned: number) => void;
}

/** A stable message and facts without secrets; plain values, so that no error object slips through. */
export interface ProgramLog {
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
}

/** Says what is given up where the state directory cannot be used, or was damaged. */
export function noteState(
  { durable, reason, isWaiting, damage }: OpenState,
  log: ProgramLog,
): void {
  if (isWaiting)
    log.warn('nothing is kept until the state directory can be written', { ...reason });
  else if (!durable)
    log.warn('nothing is kept: baseline and unsent reports end with this process', { ...reason });
  if (damage) noteDamage(damage, log);
}

export function noteDamage(damage: Damage, log: ProgramLog): void {
  log.warn('the state database was damaged; a new one was begun', { ...damage });
}
