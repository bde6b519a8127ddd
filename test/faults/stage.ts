/** Where one fault is played: a directory and ports of its own, and everything on it ends with it. */
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Materials } from './materials.ts';

export interface Stage extends Materials {
  readonly directory: string;
  /** A port of 127.0.0.1 that nobody else uses: below those that the system hands out. */
  port(): Promise<number>;
  /** Writes into the stage's directory and gives the path. */
  write(name: string, content: string | Uint8Array): string;
  /** What is kept is stopped at the end, the last first. */
  keep<Running extends Stoppable>(running: Running): Running;
  end(): Promise<void>;
}

export interface Stoppable {
  stop(): Promise<void> | void;
}

export function setStage(materials: Materials, name: string, ports: () => Promise<number>): Stage {
  const directory = join(materials.pki.dir, name);
  mkdirSync(directory);
  // Servers that are started by root become someone else.
  chmodSync(directory, 0o777);
  const running: Stoppable[] = [];
  return {
    ...materials,
    directory,
    port: ports,
    write: (file, content) => materials.pki.write(join(name, file), content),
    keep: (one) => {
      running.push(one);
      return one;
    },
    end: async () => {
      for (const one of running.reverse()) await one.stop();
    },
  };
}

const firstPort = 12_000;
const lastPort = 32_000;

/** Hands out each port once; where it begins depends on the process, for several runs on one machine. */
export function portAllocator(): () => Promise<number> {
  let next = firstPort + ((process.pid * 97) % (lastPort - firstPort));
  const allocate = async (): Promise<number> => {
    const port = next;
    next = next >= lastPort ? firstPort : next + 1;
    return (await isFree(port)) ? port : allocate();
  };
  return allocate;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
