/** Where `run`'s events go: lines on stdout or in a file, written without ever holding up the probe. */
import { constants, fstatSync, openSync } from 'node:fs';
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';

export interface EventLogOptions {
  /** Absent: stdout. Made with mode 0600, appended to. */
  readonly file?: string;
  readonly clock: Clock;
  /** What may wait for a slow reader; lines beyond it are dropped and counted. */
  readonly maxQueueBytes?: number;
  /** The stream's trouble, once per change of code: `EPIPE`, `ENOSPC`. */
  readonly onTrouble?: (code: string) => void;
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
}

const stdout = 1;

/**
 * A write to a full pipe blocks its thread until somebody reads, and the end of the process waits for that thread.
 * Opened once more the pipe can be written without blocking, and whoever shares our stdout notices nothing.
 */
function stdoutDescriptor(): number {
  if (!fstatSync(stdout).isFIFO()) return stdout;
  try {
    return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // Another user's pipe, or no /proc: the blocking one it is.
    return stdout;
  }
}

/** Rejects with the system's error when the file cannot be opened. */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const { file, clock, maxQueueBytes = 1024 * 1024, onTrouble } = options;
  // By its default export: bundled, a CommonJS package has no other.
  const { default: pino } = await import('pino');
  const stream = pino.destination({
    dest: file ?? stdoutDescriptor(),
    sync: false,
    maxLength: maxQueueBytes,
    mode: 0o600,
  });
  let dropped = 0;
  let waitingBytes = 0;
  let broken = false;
  let trouble = '';
  stream.on('drop', (text: string) => {
    dropped += 1;
    waitingBytes -= Buffer.byteLength(text);
  });
  stream.on('write', (octets: number) => {
    waitingBytes -= octets;
    trouble = '';
  });
  await opened(stream);
  stream.on('error', (error: unknown) => {
    const code = errorCode(error);
    // The reader is gone for good; the stream itself turns mute.
    broken ||= code === 'EPIPE';
    if (code !== trouble) onTrouble?.(code);
    trouble = code;
  });
  return {
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
