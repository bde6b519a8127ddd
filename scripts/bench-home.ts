/** What home bears: a fleet's heartbeats, and then an incident's reports, over real connections; counts what was lost. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makePki } from '../test/support/openssl.ts';
import type { Done, Order, Stored } from './bench-home/generator.ts';
import type { Outcome } from './bench-home/sample-body.ts';
import type { Place } from './bench-home/senders.ts';
import { visit } from './bench-home/visitor.ts';

const { values } = parseArgs({
  options: {
    delegates: { type: 'string', default: '10000' },
    /** Of heartbeats, and of the incident each. */
    seconds: { type: 'string', default: '60' },
    /** Reports a second in the incident. */
    rate: { type: 'string', default: '2000' },
    /** How long a delegate keeps a connection that it does not use. */
    keep: { type: 'string', default: '10' },
    /** Processes that send. */
    generators: { type: 'string', default: '1' },
    tls: { type: 'boolean', default: false },
    /** Home's program; the built executable in place of the source. */
    executable: { type: 'string' },
  },
});
const delegates = Number(values.delegates);
const seconds = Number(values.seconds);
const goal = { rssBytes: 300 * 1024 * 1024, pageMs: 2_000 };
const directory = mkdtempSync(join(tmpdir(), 'bench-home-'));
const dataDir = join(directory, 'data');
const home = await startHome();
let isGood = true;

try {
  say(`memory before ${mebibytes(memory('VmRSS'))}`);
  const generators = await openGenerators();
  const visitor = await visit(home.place);
  const heartbeats = await phase('heartbeats', delegates / 60, 'accepted');
  const incident = await phase('incident', Number(values.rate), 'rejected');
  await visitor.end();
  const ids = (
    await Promise.all(generators.map((one) => ask<Stored>(one, { kind: 'end' })))
  ).flat();
  const stored = storedIds();
  const lost = ids.filter((id) => !stored.has(id)).length;
  const [sent = 0, answered = 0, faults = 0] = (['sent', 'stored', 'faults'] as const).map(
    (key) => heartbeats[key] + incident[key],
  );
  const peak = memory('VmHWM');
  const database = statSync(join(dataDir, 'home.db')).size;
  say(
    `sent ${sent}, stored ${stored.size}, lost ${lost}, still with their senders ${sent - answered}, faults ${faults}`,
  );
  say(`peak memory ${mebibytes(peak)}, database ${mebibytes(database)}`);
  const isQuick = Math.max(heartbeats.pageMs, incident.pageMs) < goal.pageMs;
  isGood = lost + sent - answered + faults === 0 && peak < goal.rssBytes && isQuick;

  async function phase(name: string, perSecond: number, outcome: Outcome) {
    const before = { cpuMs: cpuMs(), at: performance.now() };
    visitor.seen();
    const each = { kind: 'phase', outcome, perSecond: perSecond / generators.length } as const;
    const all = await Promise.all(generators.map((one) => ask<Done>(one, { ...each, seconds })));
    const tookMs = performance.now() - before.at;
    const share = (ms: number): string => `${Math.round((100 * ms) / tookMs)} %`;
    const sum = (of: (done: Done) => number): number =>
      all.reduce((most, one) => most + of(one), 0);
    const count = (key: Exclude<keyof Done['tally'], 'latenciesMs'>): number =>
      sum(({ tally }) => tally[key]);
    const seen = visitor.seen();
    say(
      `${name}: ${count('sent')} reports in ${(tookMs / 1_000).toFixed(1)} s, in ${count('batches')} batches`,
      `over ${count('connections')} connections (${count('resumed')} resumed, ${count('broken')} broken),`,
      `told to come again ${count('busy')}, ${latencies(all.flatMap(({ tally }) => tally.latenciesMs))},`,
      `home's CPU ${share(cpuMs() - before.cpuMs)}, the senders' ${share(sum((done) => done.cpuMs))},`,
      `memory ${mebibytes(memory('VmRSS'))},`,
      `the page in ${seen.pageMs.toFixed(0)} ms at most, changes told every ${seen.silentMs.toFixed(0)} ms at least`,
    );
    return { sent: count('sent'), stored: count('stored'), faults: count('faults'), ...seen };
  }
} finally {
  home.process.kill('SIGTERM');
  await once(home.process, 'exit');
  rmSync(directory, { recursive: true, force: true });
}
if (!isGood) {
  say(
    'not good: reports lost or not stored in time, faults, more memory than 300 MiB, or a page that took two seconds',
  );
  process.exitCode = 1;
}

function latencies(all: readonly number[]): string {
  const sorted = Float64Array.from(all).sort();
  const quantile = (q: number): string =>
    `${(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toFixed(1)} ms`;
  return `p50 ${quantile(0.5)}, p99 ${quantile(0.99)}, longest ${quantile(1)}`;
}

async function openGenerators(): Promise<readonly ChildProcess[]> {
  const count = Number(values.generators);
  const share = Math.ceil(delegates / count);
  const { place } = home;
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const generator = fork(join(import.meta.dirname, 'bench-home/generator.ts'));
      const own = { first: index * share, count: share, keepMs: 1_000 * Number(values.keep) };
      await ask<'open'>(generator, { kind: 'open', place, ...own });
      return generator;
    }),
  );
}

async function ask<T>(generator: ChildProcess, order: Order): Promise<T> {
  const answered = once(generator, 'message');
  generator.send(order);
  const [answer] = await answered;
  return answer as T;
}

async function startHome(): Promise<{ readonly process: ChildProcess; readonly place: Place }> {
  const source = join(import.meta.dirname, '../bin/sidelight.ts');
  // The executable carries these flags within.
  const flags = ['--min-semi-space-size=4', '--max-semi-space-size=4'];
  const program =
    values.executable === undefined ? [process.execPath, ...flags, source] : [values.executable];
  const pki = makePki(directory);
  const ca = pki.ca('Home CA');
  const server = pki.server({ ca });
  const tls = values.tls ? ['--cert', server.certPath, '--key', server.keyPath] : [];
  const [command = '', ...before] = program;
  const child = spawn(
    command,
    [...before, 'home', '--listen', '127.0.0.1:0', '--data', dataDir, ...tls],
    { stdio: ['ignore', 'inherit', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  while (!/url=\S+/.test(said)) {
    if (child.exitCode !== null) throw new Error(`home ended: ${said}`);
    await sleep(10);
  }
  const port = Number(/url=\S+:(\d+)\//.exec(said)?.[1]);
  const place = { host: '127.0.0.1', port, ...(values.tls && { ca: ca.cert }) };
  return { process: child, place };
}

function storedIds(): ReadonlySet<string> {
  const db = new DatabaseSync(join(dataDir, 'home.db'), { readOnly: true });
  const ids = new Set<string>();
  for (const row of db.prepare('SELECT id FROM event').iterate()) ids.add(String(row['id']));
  db.close();
  return ids;
}

/** In octets. */
function memory(field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${home.process.pid}/status`, 'utf8');
  return 1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]);
}

/** Of user and system, in milliseconds, where the kernel counts a hundred a second. */
function cpuMs(): number {
  const fields = readFileSync(`/proc/${home.process.pid}/stat`, 'utf8').replace(/^.*\) /, '');
  const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
  return 10 * (user + system);
}

function mebibytes(octets: number): string {
  return `${Math.round(octets / 1024 / 1024)} MiB`;
}

function say(...words: readonly string[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}
