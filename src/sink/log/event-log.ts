/** Where `run`'s events go: lines on stdout or in a file, written without ever holding up the probe. */
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';
import { withoutBlocking } from './descriptor.ts';
import { watchMoved } from './watch-moved.ts';

export interface EventLogOptions {
  /** Absent: stdout. Made with mode 0600, appended to. */
  readonly file?: string;
  readonly clock: Clock;
  /** What may wait for a slow reader; lines beyond it are dropped and counted. */
  readonly maxQueueBytes?: number;
  /** The stream's trouble, once per change of code: `EPIPE`, `ENOSPC`; `QUEUE_FULL` when lines begin to be dropped. */
  readonly onTrouble?: (code: string) => void;
  /** When the queue is empty again: how many lines were dropped since it last was. */
  readonly onLoss?: (lines: number) => void;
}

export interface EventLog {
  /** `line` is one event without its line end. */
  write(line: string): void;
  /** Opens the file anew, for those who rotate logs. Nothing on stdout. */
  reopen(): void;
  /** Lines that no reader will see, since the start. */
  dropped(): number;
  /** Waits until the queue is written, at most `deadlineMs`, and closes a file; whether all of it was. */
  close(deadlineMs: number): Promise<boolean>;
  /** Whether a write that nobody reads holds on to its thread, and so to the end of the process. */
  readonly mayBlock: boolean;
}

const stdout = 1;

/** Rejects with the system's error when the file cannot be opened. */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const { file, clock, maxQueueBytes = 1024 * 1024, onTrouble, onLoss } = options;
  // By its default export: bundled, a CommonJS package has no other.
  const { default: pino } = await import('pino');
  const { fd, mayBlock } = file === undefined ? withoutBlocking(stdout) : { mayBlock: false };
  const stream = pino.destination({
    dest: file ?? fd ?? stdout,
    sync: false,
    maxLength: maxQueueBytes,
    mode: 0o600,
  });
  let dropped = 0;
  let droppedTold = 0;
  let waitingBytes = 0;
  let broken = false;
  let trouble = '';
  stream.on('drop', (text: string) => {
    dropped += 1;
    waitingBytes -= Buffer.byteLength(text);
    if (dropped === droppedTold + 1) onTrouble?.('QUEUE_FULL');
  });
  stream.on('write', (octets: number) => {
    waitingBytes -= octets;
    trouble = '';
    if (waitingBytes > 0 || dropped === droppedTold) return;
    onLoss?.(dropped - droppedTold);
    droppedTold = dropped;
  });
  await opened(stream);
  stream.on('error', (error: unknown) => {
    const code = errorCode(error);
    // The reader is gone for good; the stream itself turns mute.
    broken ||= code === 'EPIPE';
    if (code !== trouble) onTrouble?.(code);
    trouble = code;
  });
  const unwatch =
    file === undefined
      ? () => {}
      : watchMoved(
          file,
          () => (stream as unknown as { fd: number }).fd,
          clock,
          () => stream.reopen(),
        );
  return {
    mayBlock,
    write: (line) => {
      if (broken) {
        dropped += 1;
        return;
      }
      const text = `${line}\n`;
      waitingBytes += Buffer.byteLength(text);
      stream.write(text);
    },
    reopen: () => {
      if (file !== undefined) stream.reopen();
    },
    dropped: () => dropped,
    close: async (deadlineMs) => {
      unwatch();
      const done = Promise.withResolvers<void>();
      const check = (): void => {
        if (waitingBytes <= 0 || broken) done.resolve();
      };
      stream.on('drain', check);
      stream.on('error', done.resolve);
      check();
      const cancel = clock.after(deadlineMs, done.resolve);
      await done.promise;
      cancel();
      if (waitingBytes > 0) {
        // Else the end of the process would wait for the reader.
        stream.destroy();
        return false;
      }
      if (file !== undefined) stream.end();
      return true;
    },
  };
}

function opened(stream: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('ready', resolve);
    stream.once('error', reject);
  });
}
