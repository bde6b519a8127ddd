/** Events a second through each sink, beside JSON.stringify and a write to a file for each. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemClock as clock } from '../../src/base/clock.ts';
import { systemRandom as random } from '../../src/base/random.ts';
import { json } from '../../src/format/json.ts';
import { syslog } from '../../src/format/syslog.ts';
import type { Report } from '../../src/report/report.ts';
import { httpsCarrier } from '../../src/sink/home/https-carrier.ts';
import { openEventLog } from '../../src/sink/log/event-log.ts';
import { SyslogSender } from '../../src/sink/syslog/syslog-sender.ts';
import { type Figure, figureOf, inRate } from './figure.ts';
import { sampleReport, withId } from './sample.ts';
import type { Stage } from './stage.ts';

/** Takes that many reports and resolves when they are written or acknowledged. */
type Sink = (reports: readonly Report[]) => Promise<void>;

const maxQueueBytes = 64 * 1024 * 1024;
const closingMs = 60_000;

export async function measureSinks(stage: Stage): Promise<readonly Figure[]> {
  const report = await sampleReport(stage);
  const count = stage.quick ? 200 : 1_000;
  const sinks: Readonly<Record<string, Sink>> = {
    'stdout, a pipe': (reports) => throughPipe(stage, reports),
    file: (reports) => intoFile(join(stage.directory, 'events'), reports),
    'syslog by UDP': throughUdp,
    'syslog by TCP': throughTcp,
    'home, by HTTP in batches of 50': await toHome(stage, report),
  };
  const figures: Figure[] = [];
  let number = 0;
  for (const [name, sink] of Object.entries(sinks)) {
    const pairs: (readonly [number, number])[] = [];
    for (let round = 0; round <= (stage.quick ? 3 : 7); round += 1) {
      const reports = Array.from({ length: count }, () => withId(report, number++));
      const ours = await rate(reports, sink);
      pairs.push([ours, await rate(reports, async (all) => bare(stage, all))]);
    }
    figures.push(figureOf(`sink ${name}`, 'JSON.stringify, write', pairs.slice(1), inRate));
  }
  return figures;
}

async function rate(reports: readonly Report[], sink: Sink): Promise<number> {
  const began = performance.now();
  await sink(reports);
  return (reports.length * 1_000) / (performance.now() - began);
}

function bare({ directory }: Stage, reports: readonly Report[]): void {
  const fd = openSync(join(directory, 'bare'), 'a');
  for (const report of reports) writeSync(fd, `${JSON.stringify(report)}\n`);
  closeSync(fd);
}

async function intoFile(file: string, reports: readonly Report[]): Promise<void> {
  const log = await openEventLog({ file, clock, maxQueueBytes });
  for (const report of reports) log.write(json(report).trimEnd());
  if (!(await log.close(closingMs)) || log.dropped() > 0) throw new Error('events were dropped');
}

/** By its name, with `cat` at its other end: what Node gives to a child is a socket and no pipe. */
async function throughPipe(stage: Stage, reports: readonly Report[]): Promise<void> {
  const pipe = join(stage.directory, `pipe-${reports[0]?.id}`);
  execFileSync('mkfifo', [pipe]);
  const cat = stage.start({ file: 'cat', args: [pipe] }, 'ignore');
  await intoFile(pipe, reports);
  await once(cat, 'exit');
}

async function throughUdp(reports: readonly Report[]): Promise<void> {
  const receiver = createSocket('udp4').bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  await send('udp', receiver.address().port, reports);
  receiver.close();
}

async function throughTcp(reports: readonly Report[]): Promise<void> {
  const receiver = createServer((socket) => void socket.on('error', () => {}).resume());
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const address = receiver.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  await send('tcp', address.port, reports);
  receiver.close();
}

async function send(
  protocol: 'udp' | 'tcp',
  port: number,
  reports: readonly Report[],
): Promise<void> {
  const sender = new SyslogSender({
    syslog: { protocol, host: '127.0.0.1', port },
    ...{ clock, random, maxQueueBytes },
  });
  for (const report of reports)
    sender.write(syslog(report, { colour: false, verbose: false }).trimEnd());
  if (!(await sender.close(closingMs))) throw new Error('messages were left');
}

async function toHome(stage: Stage, { agent }: Report): Promise<Sink> {
  const data = join(stage.directory, 'home');
  const args = ['home', '--listen', '127.0.0.1:0', '--data', data];
  const home = stage.start({ file: stage.executable, args }, ['ignore', 'ignore', 'pipe']);
  let said = '';
  for await (const text of home.stderr ?? []) {
    said += text;
    if (/url=\S+/.test(said)) break;
  }
  const url = new URL(/url=(\S+)/.exec(said)?.[1] ?? 'http://unknown');
  const carrier = httpsCarrier({ home: { url }, agentId: agent.id ?? 'bench', clock });
  const { signal } = new AbortController();
  return async (reports) => {
    for (let at = 0; at < reports.length; at += 50) {
      const batch = reports.slice(at, at + 50).map((each, place) => {
        const body = JSON.stringify(each);
        const sequence = at + place + 1;
        return { id: each.id, time: each.time, sequence, body, sizeBytes: body.length };
      });
      const { verdict } = await carrier.carry(batch, signal);
      if (verdict !== 'delivered') throw new Error(`home says ${verdict}`);
    }
  };
}
