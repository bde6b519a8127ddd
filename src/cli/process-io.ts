/** The process as the program sees it. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { hostname } from 'node:os';
import { isatty, type WriteStream } from 'node:tty';
import type { Io, Output } from './io.ts';

export interface ProcessIo extends Io {
  /** Whether the system has taken everything that was written; a full pipe makes what follows wait. */
  isWritten(): boolean;
}

export function processIo(): ProcessIo {
  const uid = process.getuid?.();
  const stdout = output('stdout');
  const stderr = output('stderr');
  return {
    stdout,
    stderr,
    isWritten: () => stdout.pendingBytes() + stderr.pendingBytes() === 0,
    env: process.env,
    ...(uid !== undefined && { uid }),
    // Read when asked for: most commands never do.
    get hostname() {
      return hostname();
    },
    readFile: readBounded,
    exists: existsSync,
    onSignal: (name, listener) => {
      process.on(name, listener);
      return () => void process.off(name, listener);
    },
  };
}

const descriptors = { stdout: 1, stderr: 2 } as const;

/** The streams are made on first use, because making them takes time. */
function output(name: 'stdout' | 'stderr'): Output & { pendingBytes(): number } {
  let opened: WriteStream | undefined;
  const stream = (): WriteStream => {
    if (opened) return opened;
    opened = process[name] as WriteStream;
    // A reader that went away (`| head`) is no fault of ours.
    opened.on('error', () => undefined);
    return opened;
  };
  return {
    write: (content) => void stream().write(content),
    onClosed: (listener) => void stream().once('error', listener),
    pendingBytes: () => opened?.writableLength ?? 0,
    get isTerminal() {
      return isatty(descriptors[name]);
    },
    get columns() {
      return stream().columns;
    },
  };
}

const maxSizeBytes = 1024 * 1024;

/** Devices and pipes may never end, so at most 1 MiB is read. */
function readBounded(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    const octets = Buffer.alloc(maxSizeBytes + 1);
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, octets, length, octets.length - length, null);
      length += count;
      if (length > maxSizeBytes) throw tooLarge(path);
      if (count === 0) return octets.toString('utf8', 0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

function tooLarge(path: string): Error {
  return Object.assign(new Error(`${path} is larger than 1 MiB`), { code: 'TOO_LARGE' });
}
