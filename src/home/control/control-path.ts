/** Where a running home listens for the people of its own machine: a Unix socket that only its owner can reach. */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** A directory of its own, closed to others from the moment it exists: a socket's own mode comes too late. */
export const controlDirectory = 'control';
const socketName = 'home.sock';
/** sockaddr_un has 108 octets, of which the last is 0 (unix(7)). */
const maxPathBytes = 107;

export interface ControlPath {
  /** Fit for bind and connect, however deep the directory lies. */
  readonly path: string;
  /** The file itself. */
  readonly file: string;
  /** To be called when `path` is not needed any more. */
  release(): void;
}

/** Throws what the system throws when the directory cannot be opened. */
export function controlPath(dataDir: string): ControlPath {
  const directory = join(dataDir, controlDirectory);
  const file = join(directory, socketName);
  if (Buffer.byteLength(file) <= maxPathBytes) return { path: file, file, release: () => {} };
  const descriptor = openSync(directory, 'r');
  return {
    path: `/proc/self/fd/${descriptor}/${socketName}`,
    file,
    release: () => closeSync(descriptor),
  };
}
