/** CPU of one look of `run`, beside the least that Node could do and beside blackbox_exporter: all three at once, at one rate. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figureOf, inMs } from './figure.ts';
import { cpuMs } from './process-figures.ts';
import { credentialArguments, type Gateway, type Stage, script, targetsOf } from './stage.ts';

const perSecond = 30;
/**
 * The first looks are spread over ten seconds, and every one of them is reported; for the rest of the first minute V8
 * compiles what runs often. An agent runs for weeks.
 */
const settleMs = 60_000;
const quickSettleMs = 14_000;
const blackbox = '/usr/bin/prometheus-blackbox-exporter';

interface Side {
  readonly child: ChildProcess;
  readonly gateway: Gateway;
}

export async function measureProbeCpu(stage: Stage): Promise<readonly Figure[]> {
  const sides = [await startOurs(stage), await startBare(stage)];
  const scraped = existsSync(blackbox) ? await startBlackbox(stage) : undefined;
  if (scraped) sides.push(scraped);
  await sleep(stage.quick ? quickSettleMs : settleMs);
  const rows: (readonly number[])[] = [];
  for (let window = 0; window < (stage.quick ? 3 : 12); window += 1) {
    rows.push(await costs(sides, stage.quick ? 3_000 : 5_000));
  }
  scraped?.end();
  await Promise.all(sides.map(({ child }) => stage.stop(child)));
  const figure = (at: number, name: string, atMost: number): Figure => {
    const pairs = rows.map((row) => [row[0] ?? 0, row[at] ?? 0] as const);
    return figureOf('CPU of a look of run', name, pairs, inMs, { atMost });
  };
  return [
    figure(1, 'bare tls.connect loop', 1.15),
    ...(scraped ? [figure(2, 'blackbox_exporter, scraped for each probe', 1)] : []),
  ];
}

/** Milliseconds of CPU a look, for each side. */
async function costs(sides: readonly Side[], forMs: number): Promise<readonly number[]> {
  const read = async ({ child, gateway }: Side) => {
    const looks = await gateway.answered();
    return { looks, ms: cpuMs(child.pid ?? 0) };
  };
  const before = await Promise.all(sides.map(read));
  await sleep(forMs);
  const after = await Promise.all(sides.map(read));
  return after.map(({ looks, ms }, at) => {
    const began = before[at] ?? { looks: 0, ms: 0 };
    return (ms - began.ms) / (looks - began.looks);
  });
}

async function startOurs(stage: Stage): Promise<Side> {
  const gateway = await stage.startGateway();
  const state = ['--state-dir', join(stage.directory, 'probe-cpu')];
  const rhythm = ['--interval', '1s', '--format', 'json', ...state];
  const targets = targetsOf(gateway, perSecond);
  const args = ['run', ...targets, ...credentialArguments(stage), ...rhythm];
  return { gateway, child: stage.start({ file: stage.executable, args }) };
}

async function startBare(stage: Stage): Promise<Side> {
  const gateway = await stage.startGateway();
  const { ca, cert, key } = stage.files;
  const args = [script('bare-loop'), String(perSecond), ca, cert, key, String(gateway.port)];
  return { gateway, child: stage.start({ file: process.execPath, args }) };
}

async function startBlackbox(stage: Stage): Promise<Side & { readonly end: () => void }> {
  const gateway = await stage.startGateway();
  const { ca, cert, key } = stage.files;
  const config = join(stage.directory, 'blackbox.json');
  const tls = { ca_file: ca, cert_file: cert, key_file: key, server_name: 'localhost' };
  const http = { tls_config: tls, preferred_ip_protocol: 'ip4' };
  // JSON is YAML too.
  const modules = { mtls: { prober: 'http', timeout: '10s', http } };
  writeFileSync(config, JSON.stringify({ modules }));
  const port = await freePort();
  const listen = `--web.listen-address=127.0.0.1:${port}`;
  const args = [`--config.file=${config}`, listen, '--log.level=error'];
  const child = stage.start({ file: blackbox, args });
  const target = encodeURIComponent(`https://127.0.0.1:${gateway.port}/`);
  const timer = setInterval(() => {
    get(`http://127.0.0.1:${port}/probe?module=mtls&target=${target}`, (answer) => {
      answer.resume();
    }).on('error', () => {});
  }, 1000 / perSecond);
  return { gateway, child, end: () => clearInterval(timer) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
