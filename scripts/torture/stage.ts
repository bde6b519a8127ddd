/** Everything that a round plays with: gateway, rough proxy, home, agent, and a small disk. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { type DemoCertificates, mintDemoCertificates } from '../../src/demo/certificates.ts';
import { type Gateway, startGateway } from '../../src/demo/gateway.ts';
import { begin, kill, type Life, type Logged, readLog, waitFor } from './processes.ts';
import { type RoughProxy, startRoughProxy } from './rough-proxy.ts';

const startMs = 30_000;

export class Stage {
  readonly proxy: RoughProxy;
  readonly stateDirectory: string;
  readonly homeDirectory: string;
  readonly #directory: string;
  readonly #program: readonly string[];
  readonly #certificates: DemoCertificates;
  readonly #gateway: Gateway;
  readonly #homePort: number;
  readonly #logged: Logged[] = [];
  #logs: string[] = [];
  #lives = 0;
  #agent: Life | undefined;
  #home: Life | undefined;

  static async open(
    directory: string,
    program: readonly string[],
    draw: () => number,
  ): Promise<Stage> {
    const certificates = await mintDemoCertificates(systemClock, 'token');
    const gateway = await startGateway({
      certPem: certificates.server.certPem,
      keyPem: certificates.server.keyPem,
      clientCaPem: certificates.delegateCa.certPem,
    });
    const homePort = await freePort();
    const proxy = await startRoughProxy(homePort, draw);
    return new Stage({ directory, program, certificates, gateway, homePort, proxy });
  }

  private constructor(parts: {
    readonly directory: string;
    readonly program: readonly string[];
    readonly certificates: DemoCertificates;
    readonly gateway: Gateway;
    readonly homePort: number;
    readonly proxy: RoughProxy;
  }) {
    this.#directory = parts.directory;
    this.#program = parts.program;
    this.#certificates = parts.certificates;
    this.#gateway = parts.gateway;
    this.#homePort = parts.homePort;
    this.proxy = parts.proxy;
    this.stateDirectory = join(parts.directory, 'disk', 'state');
    this.homeDirectory = join(parts.directory, 'home');
    mkdirSync(this.homeDirectory, { recursive: true });
  }

  /** Another look at once, and what the gateway makes of us may have changed. */
  poke(fraction: number): void {
    const { delegateCa, wrongCa } = this.#certificates;
    this.#gateway.useClientCa((fraction < 0.6 ? delegateCa : wrongCa).certPem);
    if (this.#agent?.said().includes('started')) this.#agent.signal('SIGUSR2');
  }

  /** Whether it came up; with few files it need not. */
  async startAgent(maxFiles?: number): Promise<boolean> {
    const log = join(this.#directory, `events-${this.#lives}.log`);
    this.#lives += 1;
    this.#logs.push(log);
    const { cert, key, ca } = this.#certificates.files;
    const agent = begin(
      this.#program,
      [
        ...['run', `https://localhost:${this.#gateway.port}/`, '--address', '127.0.0.1'],
        ...['--cert', cert, '--key', key, '--ca', ca, '--proxy', 'none', '--experiments', 'off'],
        ...['--interval', '200ms', '--heartbeat', '200ms', '--state-dir', this.stateDirectory],
        ...['--home', `http://127.0.0.1:${this.proxy.port}/`, '--home-proxy', 'none'],
        ...['--log-file', log],
      ],
      maxFiles,
    );
    this.#agent = agent;
    await waitFor(() => agent.isOver() || agent.said().includes('started'), startMs);
    return !agent.isOver();
  }

  async killAgent(): Promise<void> {
    await kill(this.#agent);
  }

  /** Whether it ended by itself, as it should. */
  async endAgent(): Promise<boolean> {
    const agent = this.#agent;
    agent?.signal('SIGTERM');
    const isOver = await waitFor(() => agent?.isOver() ?? true, startMs);
    if (!isOver) await this.killAgent();
    return isOver;
  }

  async startHome(): Promise<void> {
    const home = begin(this.#program, [
      ...['home', '--listen', `127.0.0.1:${this.#homePort}`, '--data', this.homeDirectory],
    ]);
    this.#home = home;
    if (!(await waitFor(() => isListening(home), startMs))) {
      throw new Error(`home does not come up: ${home.said()}`);
    }
  }

  async killHome(): Promise<void> {
    await kill(this.#home);
  }

  /** To the last octet. */
  fillDisk(): void {
    const descriptor = openSync(this.#filler(), 'a');
    const chunk = Buffer.alloc(4096);
    try {
      for (;;) writeSync(descriptor, chunk);
    } catch {
      // That was the last one.
    } finally {
      closeSync(descriptor);
    }
  }

  freeDisk(): void {
    rmSync(this.#filler(), { force: true });
  }

  /** Everything that was ever logged. */
  logged(): readonly Logged[] {
    for (const log of this.#logs) {
      this.#logged.push(...readLog(log));
      rmSync(log, { force: true });
    }
    this.#logs = [];
    return this.#logged;
  }

  /** The last words of both, for whoever looks for a fault. */
  lastWords(): string {
    return `agent:\n${this.#agent?.said() ?? ''}\nhome:\n${this.#home?.said() ?? ''}`;
  }

  async close(): Promise<void> {
    await this.killAgent();
    await this.killHome();
    this.proxy.close();
    await this.#gateway.close();
    this.#certificates.remove();
  }

  #filler(): string {
    return join(this.#directory, 'disk', 'filler');
  }
}

function isListening(home: Life): boolean {
  if (home.isOver()) throw new Error(`home ended: ${home.said()}`);
  return /listen/i.test(home.said());
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
