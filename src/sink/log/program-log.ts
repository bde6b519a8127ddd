/** The program's own log, to stderr: what it does, never what it saw, and never a secret. */
import { sanitise } from '../../base/sanitise.ts';
import { withoutBlocking } from './descriptor.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What stands beside a message: plain values, so that no error object with a certificate in it slips through. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ProgramLog {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
  /** Writes what waits, as far as it is read at once, before the end of the process. */
  flush(): Promise<void>;
}

const stderr = 2;
const maxQueueBytes = 256 * 1024;
/** Of the two seconds that an end may take, what lines get that are on their way through another thread. */
const lastLineMs = 200;

/** The second net; the first is that callers hand in facts and not objects. */
const redacted = ['token', 'password', 'passphrase', 'authorization', 'key'];

/** `fileDescriptor` other than stderr's is for tests. */
export async function openProgramLog(
  level: LogLevel,
  fileDescriptor: number = stderr,
): Promise<ProgramLog> {
  // By its default export: bundled, a CommonJS package has no other.
  const { default: pino } = await import('pino');
  let ending = false;
  const stream = pino.destination({
    dest: withoutBlocking(fileDescriptor).fd,
    sync: false,
    maxLength: maxQueueBytes,
    // A reader that stalls is waited for, but not at the end.
    retryEAGAIN: () => !ending,
  });
  // A closed or full stderr is no reason to stop watching; there is nowhere left to say it.
  stream.on('error', () => {});
  let waitingBytes = 0;
  stream.on('write', (octets: number) => {
    waitingBytes -= octets;
  });
  stream.on('drop', (text: string) => {
    waitingBytes -= Buffer.byteLength(text);
  });
  const write = (text: string): void => {
    waitingBytes += Buffer.byteLength(text);
    stream.write(text);
  };
  const log = pino(
    {
      level,
      base: { name: 'sidelight' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redacted, censor: '[secret]' },
    },
    { write },
  );
  return {
    debug: (message, facts) => log.debug(printable(facts), sanitise(message, 1_024)),
    info: (message, facts) => log.info(printable(facts), sanitise(message, 1_024)),
    warn: (message, facts) => log.warn(printable(facts), sanitise(message, 1_024)),
    error: (message, facts) => log.error(printable(facts), sanitise(message, 1_024)),
    flush: async () => {
      ending = true;
      if (waitingBytes <= 0) return;
      const patience = AbortSignal.timeout(lastLineMs);
      await new Promise<void>((resolve) => {
        const done = (): void => resolve();
        stream.once('drain', done).once('error', done);
        patience.addEventListener('abort', done, { once: true });
      });
    },
  };
}

/** Names that pino writes itself: the same key twice in one object is refused by some readers. */
const reserved: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'name']);

function printable(facts: LogFacts = {}): LogFacts {
  const entries = Object.entries(facts).map(([name, value]) => [
    reserved.has(name) ? `${name}_` : name,
    typeof value === 'string' ? sanitise(value, 1_024) : value,
  ]);
  return Object.fromEntries(entries) as LogFacts;
}
