/** How `run` stays out of the delegate's way: it steps back in every queue, and ends itself before it grows. */
import { errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import type { ProgramLog } from './ports.ts';

/** What the system can be asked about this process and told to do with it. */
export interface OwnProcess {
  /** For every thread that there is. Throws the system's error. */
  lowerPriority(nice: number): void;
  /** Asks the kernel to end this process first when memory runs out. Throws the system's error. */
  offerMemory(): void;
  residentBytes(): number;
  /** What a control group allows; absent where it allows everything. */
  readonly allowedBytes?: number;
}

/**
 * Low, and yet not the lowest: at 19 a busy delegate leaves one part in seventy of a processor, and a
 * handshake that waits for it looks like a slow gateway.
 */
const nice = 10;

/** Three times what `run` needs; a control group that allows little lowers it. */
const usualCeilingBytes = 256 * 1024 * 1024;
const shareOfAllowed = 0.9;

const watchMs = 15_000;

/** Neither is worth ending for: where the system refuses, `run` goes on as it is. */
export function stepBack(own: OwnProcess, log: ProgramLog): void {
  attempt('the priority could not be lowered', () => own.lowerPriority(nice), log);
  attempt('memory could not be offered', () => own.offerMemory(), log);
}

function attempt(message: string, action: () => void, log: ProgramLog): void {
  try {
    action();
  } catch (error) {
    log.info(message, { code: errorCode(error) });
  }
}

export function ceilingOf({ allowedBytes }: Pick<OwnProcess, 'allowedBytes'>): number {
  if (allowedBytes === undefined) return usualCeilingBytes;
  return Math.min(usualCeilingBytes, Math.floor(allowedBytes * shareOfAllowed));
}

/**
 * Calls back once when memory stays above the ceiling for two looks in a row: whoever started us starts
 * us anew, which is better than to be killed, or to have the delegate killed. The returned function ends
 * the watch.
 */
export function watchMemory(
  own: OwnProcess,
  clock: Clock,
  log: ProgramLog,
  onTooMuch: () => void,
): () => void {
  const ceilingBytes = ceilingOf(own);
  let wasAbove = false;
  let cancel = clock.after(watchMs, look);
  function look(): void {
    const residentBytes = own.residentBytes();
    const isAbove = residentBytes > ceilingBytes;
    if (isAbove && wasAbove) {
      log.warn('memory stays above the ceiling: ending', { residentBytes, ceilingBytes });
      onTooMuch();
      return;
    }
    wasAbove = isAbove;
    cancel = clock.after(watchMs, look);
  }
  return () => cancel();
}
