/** How a Unix socket in a directory is named to the system, however deep the directory lies. */
import { closeSync, openSync } from 'node:fs';

/** sockaddr_un has 108 octets, of which the last is 0 (unix(7)). */
const maxPathBytes = 107;

export interface SocketPath {
  /** Fit for bind and connect. */
  readonly path: string;
  /** The file itself. */
  readonly file: string;
  /** To be called when `path` is not needed any more. */
  release(): void;
}

/** Throws what the system throws when the directory cannot be opened. */
export function socketPath(directory: string, name: string): SocketPath {
  const file = `${directory}/${name}`;
  if (Buffer.byteLength(file) <= maxPathBytes) return { path: file, file, release: () => {} };
  const descriptor = openSync(directory, 'r');
  return {
    path: `/proc/self/fd/${descriptor}/${name}`,
    file,
    release: () => closeSync(descriptor),
  };
}
