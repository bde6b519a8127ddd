/** Where a running home listens for the people of its own machine: a Unix socket that only its owner can reach. */
import { join } from 'node:path';
import { type SocketPath, socketPath } from '../../base/socket-path.ts';

/** A directory of its own, closed to others from the moment it exists: a socket's own mode comes too late. */
export const controlDirectory = 'control';

/** Throws what the system throws when the directory cannot be opened. */
export function controlPath(dataDir: string): SocketPath {
  return socketPath(join(dataDir, controlDirectory), 'home.sock');
}
