/** What every measurement needs: a directory, certificates, gateways in processes of their own, and an end for all that was started. */
import { type ChildProcess, fork, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePki } from '../../test/support/openssl.ts';
import type { Command } from '../footprint/measure.ts';

export interface Gateway {
  readonly port: number;
  /** Requests answered since its start. */
  answered(): Promise<number>;
}

export interface Stage {
  readonly directory: string;
  /** The built program. */
  readonly executable: string;
  /** A shorter run, whose figures are coarser. */
  readonly quick: boolean;
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  startGateway(): Promise<Gateway>;
  /** Unless told otherwise its output goes to a file of the directory. */
  start(command: Command, stdio?: StdioOptions): ChildProcess;
  stop(child: ChildProcess): Promise<void>;
  close(): Promise<void>;
}

export function setStage(executable: string, quick: boolean): Stage {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const pki = makePki(directory);
  const ca = pki.ca('CA');
  const server = pki.server({ ca });
  const client = pki.leaf({ cn: 'delegate-1', ca });
  const running = new Set<ChildProcess>();
  const stop = async (child: ChildProcess): Promise<void> => {
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    ...{ directory, executable, quick, stop },
    files: { ca: ca.certPath, cert: client.certPath, key: client.keyPath },
    startGateway: async () => {
      const files = [ca.certPath, server.certPath, server.keyPath];
      const child = fork(script('gateway'), files, { execArgv: [] });
      running.add(child);
      const [port] = await once(child, 'message');
      const answered = async (): Promise<number> => {
        child.send('answered');
        return Number((await once(child, 'message'))[0]);
      };
      return { port: Number(port), answered };
    },
    start: ({ file, args }, stdio) => {
      const output = openSync(join(directory, 'output'), 'a');
      const child = spawn(file, args, {
        env: { PATH: process.env['PATH'] ?? '' },
        stdio: stdio ?? ['ignore', output, output],
      });
      running.add(child);
      return child;
    },
    close: async () => {
      await Promise.all([...running].map(stop));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function script(name: string): string {
  return join(import.meta.dirname, `${name}.mjs`);
}

/** Of `run` and `check`: where the credential stands, and to dial loopback. */
export function credentialArguments({ files }: Stage): readonly string[] {
  const own = ['--ca', files.ca, '--cert', files.cert, '--key', files.key];
  return [...own, '--address', '127.0.0.1'];
}

/** As many targets as wanted, all of one gateway: each has a path of its own. */
export function targetsOf({ port }: Gateway, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `https://localhost:${port}/${at}`);
}
