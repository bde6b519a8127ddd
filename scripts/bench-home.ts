/** What home bears: a fleet's heartbeats, and then an incident's reports, over real connections; counts what was lost. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makePki } from '../test/support/openssl.ts';
import { type Fleet, openFleet, type Place } from './bench-home/senders.ts';

const { values } = parseArgs({
  options: {
    delegates: { type: 'string', default: '10000' },
    /** Of heartbeats, and of the incident each. */
    seconds: { type: 'string', default: '60' },
    /** Reports a second in the incident. */
    rate: { type: 'string', default: '2000' },
    tls: { type: 'boolean', default: false },
    /** Home's program; the built executable in place of the source. */
    executable: { type: 'string' },
  },
});
const delegates = Number(values.delegates);
const seconds = Number(values.seconds);
const goal = { rssBytes: 300 * 1024 * 1024 };
const directory = mkdtempSync(join(tmpdir(), 'bench-home-'));
const dataDir = join(directory, 'data');
const home = await startHome();
let isGood = true;

try {
  say(`memory before ${mebibytes(memory('VmRSS'))}`);
  const fleet = openFleet(home.place, delegates);
  await phase('heartbeats', fleet, delegates / 60, 'accepted');
  await phase('incident', fleet, Number(values.rate), 'rejected');
  const { tally } = fleet;
  fleet.close();
  const stored = storedIds();
  const lost = tally.ids.filter((id) => !stored.has(id)).length;
  const waiting = tally.sent - tally.stored;
  const peak = memory('VmHWM');
  const database = statSync(join(dataDir, 'home.db')).size;
  say(
    `sent ${tally.sent}, stored ${stored.size}, lost ${lost}, still with their senders ${waiting}, faults ${tally.faults}`,
  );
  say(`peak memory ${mebibytes(peak)}, database ${mebibytes(database)}`);
  isGood = lost + waiting === 0 && tally.faults === 0 && peak < goal.rssBytes;
} finally {
  home.process.kill('SIGTERM');
  await once(home.process, 'exit');
  rmSync(directory, { recursive: true, force: true });
}
if (!isGood) {
  say('not good: reports lost or not stored in time, faults, or more memory than 300 MiB');
  process.exitCode = 1;
}

/** At an even rate, which falling behind does not lower. */
async function phase(
  name: string,
  { tally, send, settle }: Fleet,
  perSecond: number,
  outcome: 'accepted' | 'rejected',
): Promise<void> {
  const before = { sent: tally.sent, busy: tally.busy, cpuMs: cpuMs(), at: performance.now() };
  tally.latenciesMs.length = 0;
  const total = Math.round(perSecond * seconds);
  while (tally.sent - before.sent < total) {
    const due = Math.min(total, ((performance.now() - before.at) / 1_000) * perSecond);
    while (tally.sent - before.sent < due) send(outcome);
    await sleep(5);
  }
  await settle(60_000);
  const tookMs = performance.now() - before.at;
  const sorted = Float64Array.from(tally.latenciesMs).sort();
  const quantile = (q: number): string =>
    `${(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0).toFixed(1)} ms`;
  say(
    `${name}: ${total} reports in ${(tookMs / 1_000).toFixed(1)} s, told to come again ${tally.busy - before.busy},`,
    `p50 ${quantile(0.5)}, p99 ${quantile(0.99)}, longest ${quantile(1)},`,
    `home's CPU ${Math.round((100 * (cpuMs() - before.cpuMs)) / tookMs)} %, memory ${mebibytes(memory('VmRSS'))}`,
  );
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
