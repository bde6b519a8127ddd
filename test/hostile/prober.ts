/** One process that looks, as seen from the process that has the hostile peers. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Said } from '../cli/run-main.ts';
import type { Pki } from '../support/openssl.ts';
import type { DeliveryTried } from './deliver.ts';
import type { Cost, Order } from './looker.ts';
import type { HostilePeer, PeerIdentity } from './peers/peer.ts';

export interface Prober {
  /** Runs `check` with these words, one run at a time. */
  check(argv: readonly string[]): Promise<Said & Cost>;
  deliver(home: string, timeoutMs: number): Promise<DeliveryTried & Cost>;
  stop(): void;
}

/** `extraCaPath`: whom it trusts besides, proxies above all. */
export function startProber(extraCaPath: string): Prober {
  const child = fork(join(import.meta.dirname, 'looker.ts'), {
    execArgv: ['--expose-gc'],
    env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: extraCaPath },
  });
  const ask = async (order: Order): Promise<unknown> => {
    const answered = once(child, 'message');
    child.send(order);
    const [done] = await answered;
    return done;
  };
  return {
    check: async (argv) => (await ask({ argv })) as Said & Cost,
    deliver: async (home, timeoutMs) => (await ask({ home, timeoutMs })) as DeliveryTried & Cost,
    stop: () => void child.kill(),
  };
}

/** Files of a gateway that is trusted and of a client that it would take. */
export interface Files {
  readonly gateway: PeerIdentity;
  readonly options: readonly string[];
  readonly caPath: string;
}

export function makeFiles(pki: Pki): Files {
  const ca = pki.ca('Gateway CA');
  const { cert, key } = pki.server({ ca });
  const client = pki.leaf({ cn: 'delegate', ca: pki.ca('Delegate CA') });
  return {
    gateway: { cert, key, pki },
    options: ['--ca', ca.certPath, '--cert', client.certPath, '--key', client.keyPath],
    caPath: ca.certPath,
  };
}

/** The words of `check` that point it at this peer. */
export function wordsFor(
  { proxy, options = [] }: Pick<HostilePeer, 'proxy' | 'options'>,
  port: number,
  files: Files,
  timeoutMs: number,
): readonly string[] {
  const way = proxy
    ? ['https://gateway.invalid:8443', '--proxy', `${proxy}://localhost:${port}`]
    : [`https://localhost:${port}`, '--address', '127.0.0.1', '--proxy', 'none'];
  const always = ['--format', 'json', '--experiments', 'off', '--timeout', `${timeoutMs}ms`];
  return ['check', ...way, ...files.options, ...always, ...options];
}
