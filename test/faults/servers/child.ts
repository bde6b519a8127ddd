/** A server that is a process of its own: started, waited for until it listens, and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage, Stoppable } from '../stage.ts';

export interface Server extends Stoppable {
  readonly port: number;
  stop(): Promise<void>;
}

/** Resolves once it takes connections on the port; throws with what it said when it ends before. */
export async function startChild(
  stage: Stage,
  command: string,
  args: readonly string[],
  port: number,
): Promise<Server> {
  const child = spawn(command, args, { cwd: stage.directory, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
  }
  child.on('error', (error) => {
    said += String(error);
  });
  const server = stage.keep({ port, stop: () => end(child) });
  await listening(child, port, () => `${command} does not listen on port ${port}: ${said}`);
  return server;
}

async function listening(
  child: ChildProcess,
  port: number,
  complaint: () => string,
): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await takesConnections(port)) return;
    if (hasEnded(child) || child.pid === undefined) break;
    await sleep(20);
  }
  throw new Error(complaint());
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

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
