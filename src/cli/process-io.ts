/** The process as the program sees it. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { isatty, type WriteStream } from 'node:tty';
import { readSmallFile } from '../base/read-small-file.ts';
import { canKeepIn } from './can-keep-in.ts';
import type { Io, Output } from './io.ts';

export interface ProcessIo extends Io {
  /** Whether the system has taken everything that was written; a full pipe makes what follows wait. */
  isWritten(): boolean;
}

const pipePatienceMs = 5_000;

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
    // `--config <(command)`: a command takes a while.
    readFile: (path) => readSmallFile(path, { patienceMs: pipePatienceMs }).toString(),
    exists: existsSync,
    canKeepIn,
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
