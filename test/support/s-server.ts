/** `openssl s_server` as a gateway: a real TLS stack that is not ours, on a port of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface SServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1 with the given arguments beside `-accept`; resolves once it listens. */
export async function startSServer(...args: readonly string[]): Promise<SServer> {
  const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const port = await readPort(child);
  return { port, stop: () => stop(child) };
}

async function readPort({ stdout, stderr }: ChildProcess): Promise<number> {
  let said = '';
  stderr?.on('data', (octets) => {
    said += octets;
  });
  for await (const octets of stdout ?? []) {
    said += octets;
    const found = /ACCEPT \S*:(\d+)/.exec(said)?.[1];
    if (found) {
      // Iterating has ended: keep the pipe from filling up.
      stdout?.resume();
      return Number(found);
    }
  }
  throw new Error(`s_server did not start: ${said}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
