/** Answers `sidelight status`: whoever connects to the agent's socket gets one JSON document, and cannot say anything. */
import { lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { type SocketPath, socketPath } from '../../base/socket-path.ts';
import type { Status } from '../../report/status.ts';
import { patienceMs, type SocketPlace } from './socket.ts';

export interface StatusServer {
  /** Takes the socket away. */
  close(): Promise<void>;
}

const maxConnections = 8;

/**
 * To be called by the one that has the directory's lock, or when nobody answers: a socket that stands there is then of an
 * agent that is dead. Rejects with the system's error; `EEXIST` where something that is no socket has its place.
 */
export async function serveStatus(
  { directory, name }: SocketPlace,
  clock: Clock,
  status: () => Status,
): Promise<StatusServer> {
  const where = socketPath(directory, name);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    answer(socket, clock, status);
  });
  server.maxConnections = maxConnections;
  try {
    removeStale(where.file);
    await listen(server, where);
  } catch (error) {
    where.release();
    throw error;
  }
  return {
    close: async () => {
      // Node removes the file, by the path that it was made with.
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      where.release();
    },
  };
}

function removeStale(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket()) {
    throw Object.assign(new Error('something else stands there'), { code: 'EEXIST' });
  }
  rmSync(file);
}

/** bind(2) follows no link and takes over no file; the mode is there from the beginning. */
async function listen(server: Server, { path }: SocketPath): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Stays: what goes wrong with one caller is no fault of the agent.
  server.on('error', reject);
  const before = process.umask(0o177);
  try {
    server.listen(path, resolve);
  } finally {
    process.umask(before);
  }
  await promise;
}

function answer(socket: Socket, clock: Clock, status: () => Status): void {
  const cancel = clock.after(patienceMs, () => socket.destroy());
  socket.once('close', cancel);
  socket.on('error', () => undefined);
  try {
    socket.end(`${JSON.stringify(status())}\n`, () => socket.destroy());
  } catch {
    // A database that fails while it is asked: no answer is better than no agent.
    socket.destroy();
  }
}
