/** A real TLS server of some make as the cases need it, and how one is started, waited for and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Fault } from './fault.ts';
import type { Materials } from './materials.ts';

/** Three differ in the versions that they take; `named` takes both, and answers to its own name only. */
export const listeners = ['both', 'tls12', 'tls13', 'named'] as const;
export type Listener = (typeof listeners)[number];

export type Ports = Readonly<Record<Listener, number>>;

export interface Stack {
  readonly name: string;
  /** Of the installed program, for the heading of the table. */
  version(): string;
  /**
   * Each listener demands a client certificate of the given authorities, and answers an HTTP request of a
   * client that it accepts with 200. `directory` is the stack's own. Resolves with the processes started.
   */
  start(materials: Materials, ports: Ports, directory: string): readonly ChildProcess[];
  /** What this stack can not be made to refuse, and why. */
  readonly cannot: Readonly<Partial<Record<Fault, string>>>;
}

/** Its output goes to `output.log` in the directory. */
export function startProcess(
  command: string,
  args: readonly string[],
  directory: string,
): ChildProcess {
  const log = openSync(join(directory, 'output.log'), 'a');
  const child = spawn(command, args, { cwd: directory, stdio: ['pipe', log, log] });
  closeSync(log);
  return child;
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 1000);
  await ended;
  clearTimeout(timer);
}

/** Ports of 127.0.0.1 that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Resolves once somebody listens there. */
export async function waitForListener(port: number, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await takesConnections(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} does not listen on port ${port}`);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
