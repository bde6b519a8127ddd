/** Opens what a struck agent left behind as the next agent does, and holds it against what was said. */
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { Spool } from '../../src/sink/spool/spool.ts';
import { baselinesIn } from '../../src/state/baselines.ts';
import { agentId } from '../../src/state/identity.ts';
import { openState } from '../../src/state/open-state.ts';
import { warnedIn } from '../../src/state/warned.ts';
import { limits, receivers } from './receivers.ts';
import type { Said } from './said.ts';

const all = { maxCount: 1_000, maxBytes: 1_000_000_000 };

interface Found {
  readonly receiver: string;
  readonly waiting: ReadonlyMap<string, number>;
  readonly lost: number;
}

export interface Verdict {
  /** One sentence for each thing that is not as it was said; empty when all is well. */
  readonly faults: readonly string[];
  /** What was under way was done, though nobody could be told: the number that it has. */
  readonly doneUnsaid?: number;
}

export function findFaults(directory: string, said: Said): Verdict {
  const state = openState({ directory, exclusive: true, clock: systemClock });
  try {
    if (!state.durable) return { faults: [`it does not open: ${state.reason?.code}`] };
    const spool = new Spool({ state, clock: systemClock, receivers, limits });
    const found = receivers.map((receiver) => {
      const cursor = spool.cursor(receiver);
      const waiting = new Map(cursor.nextBatch(all).map(({ id, sequence }) => [id, sequence]));
      const { age, size, rejected, storage } = cursor.stats().lost;
      return { receiver, waiting, lost: age + size + rejected + storage };
    });
    const id = agentId(state.db, systemClock, systemRandom);
    const baseline = baselinesIn(state, systemClock).get('target')?.evidence as
      | { readonly life?: string }
      | undefined;
    const [warned] = warnedIn(state, systemClock).get('target');
    const doneUnsaid = unsaid(found, said);
    const faults = [
      ...(state.damage === undefined && !said.setAside
        ? []
        : ['the database was taken for damaged']),
      ...[...said.agentIds].filter((each) => each !== id).map(() => 'the agent has another name'),
      ...said.twice.map((number) => `the number ${number} was given twice`),
      ...found.flatMap((each) => faultsOf(each, said)),
      ...halfAdded(found, said),
      ...kept('baseline', said.baseline, baseline?.life),
      ...kept('warned', said.warned && `step ${said.warned}`, warned),
    ];
    return { faults, ...(doneUnsaid !== undefined && { doneUnsaid }) };
  } finally {
    state.close();
  }
}

/** One that is too large by itself waits nowhere: it is done when it is counted. */
function unsaid([first]: readonly Found[], said: Said): number | undefined {
  const { underWay } = said;
  if (!first || underWay === undefined) return undefined;
  if (!underWay.endsWith('-large')) return first.waiting.get(underWay);
  const highest = Math.max(0, ...said.numbers.values());
  return first.lost > missingOf(first, said).length ? highest + 1 : undefined;
}

function missingOf({ receiver, waiting }: Found, { numbers, delivered }: Said): readonly string[] {
  const gone = delivered.get(receiver);
  return [...numbers.keys()].filter((id) => !waiting.has(id) && !gone?.has(id));
}

/** What was added and neither waits nor was delivered is lost, and every loss is counted, once. */
function faultsOf(found: Found, said: Said): readonly string[] {
  const { receiver, waiting, lost } = found;
  const missing = missingOf(found, said);
  const most = missing.length + uncertainOf(found, said);
  const isCounted = lost >= missing.length && lost <= most;
  const renumbered = [...waiting].filter(
    ([id, number]) => (said.numbers.get(id) ?? number) !== number,
  );
  const strangers = [...waiting.keys()].filter(
    (id) => !said.numbers.has(id) && id !== said.underWay,
  );
  const numbers = [...waiting.values()];
  return [
    ...(isCounted ? [] : [`${receiver}: ${missing.length} are lost (${missing}), ${lost} counted`]),
    ...renumbered.map(([id]) => `${receiver}: ${id} has another number than was said`),
    ...strangers.map((id) => `${receiver}: ${id} waits, and was never added`),
    ...(new Set(numbers).size < numbers.length ? [`${receiver}: two have one number`] : []),
    ...(numbers.some((number, at) => number < (numbers[at - 1] ?? 0))
      ? [`${receiver}: order`]
      : []),
  ];
}

/** What may be counted or not: one too large that was under way, and what was given to a receiver and dropped before the spool was told. */
function uncertainOf({ receiver, waiting }: Found, said: Said): number {
  const { underWay, delivered, acknowledged } = said;
  const untold = [...(delivered.get(receiver) ?? [])].filter(
    (id) => !waiting.has(id) && !acknowledged.get(receiver)?.has(id),
  );
  return untold.length + (underWay?.endsWith('-large') ? 1 : 0);
}

/** What was under way is there for everybody or for nobody. */
function halfAdded(found: readonly Found[], { underWay }: Said): readonly string[] {
  if (underWay === undefined) return [];
  const having = found.filter(({ waiting }) => waiting.has(underWay)).length;
  return having === 0 || having === found.length ? [] : [`${underWay} is half there`];
}

/** A later one may be there that was not yet said to be. */
function kept(
  what: string,
  said: string | undefined,
  found: string | undefined,
): readonly string[] {
  return said === undefined || (found !== undefined && found >= said)
    ? []
    : [`${what}: ${said} was said to be kept, ${found} is`];
}
