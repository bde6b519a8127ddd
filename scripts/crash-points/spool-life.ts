/** One life of an agent's state and spool, without an agent: all that writes, in an order that is the same every time; says on stdout what is done. */
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { Report } from '../../src/report/report.ts';
import { Spool } from '../../src/sink/spool/spool.ts';
import { baselinesIn } from '../../src/state/baselines.ts';
import { agentId } from '../../src/state/identity.ts';
import { openState } from '../../src/state/open-state.ts';
import { warnedIn } from '../../src/state/warned.ts';
import { limits, receivers } from './receivers.ts';

const [directory = '', life = ''] = process.argv.slice(2);
const clock = systemClock;
const onDisk = (): void => say('on-disk', {});
const state = openState({ directory, exclusive: true, clock, onDisk });
say('opened', { durable: state.durable, setAside: state.damage?.setAside });
const named = agentId(state.db, clock, systemRandom);
// A disk that is full in that moment keeps no name; the next life makes another.
const stored = state.db.prepare("SELECT 1 FROM fact WHERE name = 'agent-id'").get();
if (stored) say('agent', { id: named });
const spool = new Spool({ state, clock, receivers, limits });
const baselines = baselinesIn(state, clock);
const warned = warnedIn(state, clock);
const home = spool.cursor('home');
const other = spool.cursor('other');

for (let number = 1; number <= 10; number += 1) add(`${life}-${number}`, 1_000);
attempt('warned', () => warned.put('target', [`step ${life}`]), { life });
takeAll('home', home);
attempt('baseline', () => baselines.put('target', { evidence: { steps: [], life } as never }), {
  life,
});
// One that is too large by itself, one that other refuses for good, and more than there is room for.
add(`${life}-large`, 5_000);
refuseFirst();
for (let number = 11; number <= 22; number += 1) add(`${life}-${number}`, 1_000);
takeAll('home', home);
attempt('told', () => spool.lossesTold());
spool.writeHeld();
say('ended', { lost: spool.stats().lost, waiting: spool.stats().waiting });
state.close();

function add(id: string, padding: number): void {
  say('adding', { id });
  const report = { schema: 'sidelight.report/1', id, time: '2026-11-23T14:00:00.000Z' };
  const padded = { ...report, padding: 'x'.repeat(padding) };
  // No report is looked into on its way.
  const added = spool.add(padded as unknown as Report);
  say('added', { id, outcome: added.outcome, sequence: added.report.sequence });
}

/** As a delivery loop does: what is taken is gone from the spool when `acknowledge` returns. */
function takeAll(name: string, cursor: typeof home): void {
  for (;;) {
    const batch = cursor.nextBatch({ maxCount: 4, maxBytes: 1_000_000 });
    if (batch.length === 0) return;
    const ids = batch.map(({ id }) => id);
    say('delivered', { name, ids });
    cursor.acknowledge(ids);
    say('acknowledged', { name, ids });
  }
}

function refuseFirst(): void {
  const [first] = other.nextBatch({ maxCount: 1, maxBytes: 1_000_000 });
  if (!first) return;
  say('refusing', { ids: [first.id] });
  attempt('refused', () => other.setAside([first.id], 'no'), { ids: [first.id] });
}

/** What the agent would log and go on. */
function attempt(what: string, work: () => void, facts: object = {}): void {
  try {
    work();
    say(what, facts);
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error)) throw error;
    say('failed', { what });
  }
}

/** At once and in one write: whoever kills us finds all that was said. */
function say(what: string, facts: object): void {
  writeSync(1, `${JSON.stringify({ what, ...facts })}\n`);
}
