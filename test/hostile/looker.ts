/** A process that runs `check`, or delivers a report, as often as it is told to and says what each cost it: time, memory, and what was left over. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { runMain, type Said } from '../cli/run-main.ts';

/** Words for `check`, or a home to deliver to. */
export type Order =
  | { readonly argv: readonly string[] }
  | { readonly home: string; readonly timeoutMs: number };

export interface Cost {
  readonly tookMs: number;
  /** Of the resident set, from before the run to its highest during it. */
  readonly grewBytes: number;
  /** Of the heap and what stands beside it, after everything is collected. */
  readonly keptBytes: number;
  /** Active resources, descriptors and listeners of the process that were not there before. */
  readonly leaked: readonly string[];
}

const collect = globalThis.gc;
if (collect === undefined || process.send === undefined) throw new Error('fork with --expose-gc');

const residentBytes = (field: 'VmHWM' | 'VmRSS'): number => {
  const [, kilobytes] =
    new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
};

/** Octets read from a socket are let go of a turn after what held them. */
const keptBytes = async (): Promise<number> => {
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** What is open now, each with a number where there are several. */
function openThings(): readonly string[] {
  const things = [
    ...process.getActiveResourcesInfo(),
    ...readdirSync('/proc/self/fd').map(() => 'descriptor'),
    ...process
      .eventNames()
      .flatMap((name) => Array(process.listenerCount(name)).fill(`on ${String(name)}`)),
  ];
  return things.map(
    (thing, at) => `${thing} ${things.slice(0, at).filter((one) => one === thing).length}`,
  );
}

/** Closing takes a few turns; whatever is still there after two seconds stays. */
async function leftOver(before: readonly string[]): Promise<readonly string[]> {
  const known = new Set(before);
  for (let tries = 0; ; tries += 1) {
    const left = openThings().filter((thing) => !known.has(thing));
    if (left.length === 0 || tries === 100) return left;
    await sleep(20);
  }
}

async function measure<Result>(run: () => Promise<Result>): Promise<Result & Cost> {
  const before = { kept: await keptBytes(), open: openThings() };
  // Sets the peak of the resident set to what it is now: proc(5).
  writeFileSync('/proc/self/clear_refs', '5');
  const residentBefore = residentBytes('VmRSS');
  const started = performance.now();
  const result = await run();
  const tookMs = performance.now() - started;
  const grewBytes = residentBytes('VmHWM') - residentBefore;
  const leaked = await leftOver(before.open);
  return { ...result, tookMs, grewBytes, keptBytes: (await keptBytes()) - before.kept, leaked };
}

async function obey(order: Order): Promise<Cost> {
  if ('argv' in order) return measure<Said>(() => runMain(order.argv));
  // Loaded once it is asked for: an ordinary delivery comes first.
  const { deliver } = await import('./deliver.ts');
  return measure(() => deliver(order.home, order.timeoutMs));
}

process.on('message', (order: Order) => {
  void obey(order).then((done) => process.send?.(done));
});
