/** rsyslog as a receiver, in a directory of its own: what it took comes back as fields. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** By the names of the template in deploy/rsyslog/sidelight.conf. */
export interface Received {
  readonly '@timestamp': string;
  readonly host: string;
  readonly severity: number;
  readonly facility: number;
  readonly app: string;
  readonly run: string;
  readonly event: string;
  readonly structured_data: string;
  readonly message: string;
}

export interface Rsyslog {
  readonly received: () => readonly Received[];
  stop(): Promise<void>;
}

/** `config` writes its events to `events.jsonl` in the directory. Resolves when the port, where there is one, is open. */
export async function startRsyslog(
  directory: string,
  config: string,
  tcpPort?: number,
): Promise<Rsyslog> {
  const file = join(directory, 'rsyslog.conf');
  writeFileSync(file, `global(workDirectory="${directory}")\n${config}`);
  const child = spawn('rsyslogd', ['-n', '-f', file, '-i', join(directory, 'rsyslog.pid')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  onTestFinished(stop);
  await untilOpen(tcpPort, () => {
    if (child.exitCode !== null) throw new Error(`rsyslogd ended: ${said}`);
  });
  return { received: () => readEvents(join(directory, 'events.jsonl')), stop };
}

async function untilOpen(port: number | undefined, check: () => void): Promise<void> {
  const endMs = performance.now() + 5_000;
  while (performance.now() < endMs) {
    check();
    if (port === undefined) {
      // UDP: nobody says when it listens.
      await new Promise((resolve) => setTimeout(resolve, 700));
      return;
    }
    if (await isOpen(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`port ${port} did not open`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('connect', () => socket.destroy()).once('error', () => resolve(false));
  });
}

function readEvents(file: string): readonly Received[] {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

/** The fields of a message as RFC 5424 has them, by a reading of its own. */
export function fieldsOf(message: string): Received {
  const form =
    /^<(\d{1,3})>1 (\S+) (\S+) (\S+) (\S+) (\S+) ((?:\[(?:\\.|"(?:\\.|[^"\\])*"|[^\]"])*\])+|-)(?: (.*))?$/s;
  const [, priority, time = '', host = '', app = '', run = '', event = '', data = '', text = ''] =
    form.exec(message) ?? [];
  if (priority === undefined) throw new Error(`no syslog message: ${message.slice(0, 200)}`);
  return {
    '@timestamp': time,
    host,
    severity: Number(priority) % 8,
    facility: Math.floor(Number(priority) / 8),
    app,
    run,
    event,
    structured_data: data,
    message: text,
  };
}
