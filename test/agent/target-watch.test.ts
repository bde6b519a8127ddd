/** When a target under watch is experimented on, and what that may never change. */
import { expect, test } from 'vitest';
import type { Examined } from '../../src/agent/examine.ts';
import { TargetWatch, type TargetWatchOptions } from '../../src/agent/target-watch.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { Evidence, ExperimentSeen } from '../../src/evidence/evidence.ts';
import { evidence, refusedWith } from '../support/evidence.ts';

const accepted = evidence();
const refused = refusedWith(48);
const revoked = refusedWith(44);
const experiment: ExperimentSeen = {
  changed: 'no-client-certificate',
  outcome: 'rejected',
  layer: 'tls',
  durationMs: 4,
  alert: { direction: 'received', code: 116, description: 'certificate_required' },
};

interface Watched {
  readonly reports: readonly Evidence[];
  readonly asked: readonly Examined[];
  /** When each look was made. */
  readonly lookedAtMs: readonly number[];
}

interface Given {
  readonly looks: readonly Evidence[];
  /** How long experiments take. */
  readonly tookMs?: number;
  readonly heartbeatMs?: number;
  readonly onExperiment?: (end: () => void) => void;
}

/** Watches on a clock of its own until every look was made. */
async function watch(given: Given): Promise<Watched> {
  const { looks, tookMs = 0, heartbeatMs = 3_600_000, onExperiment } = given;
  const ending = new AbortController();
  const reports: Evidence[] = [];
  const asked: Examined[] = [];
  const lookedAtMs: number[] = [];
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    after: () => () => undefined,
    sleep: async (delayMs) => {
      nowMs += delayMs;
    },
  };
  const options: TargetWatchOptions = {
    clock,
    random: { fraction: () => 0.5, bytes: (count) => new Uint8Array(count) },
    intervalMs: 60_000,
    heartbeatMs,
    look: async () => {
      const next = looks[lookedAtMs.length];
      lookedAtMs.push(nowMs);
      if (!next) ending.abort();
      return next ?? accepted;
    },
    warned: () => [],
    keepWarned: () => undefined,
    judgeFiles: async () => undefined,
    haveFilesChanged: () => false,
    baseline: () => undefined,
    accept: () => undefined,
    report: (seen) => void reports.push(seen),
    experiment: async (failed) => {
      asked.push(failed);
      nowMs += tookMs;
      onExperiment?.(() => ending.abort());
      return [experiment];
    },
  };
  await new TargetWatch(options).run(ending.signal);
  return { reports, asked, lookedAtMs: lookedAtMs.slice(0, looks.length) };
}

test('experiments are made once when the state changes, and not for its repeats', async () => {
  const { reports, asked } = await watch({ looks: [refused, refused, refused] });
  expect(asked.map(({ diagnosis }) => diagnosis.outcome)).toEqual(['rejected']);
  expect(reports).toEqual([{ ...refused, experiments: [experiment] }]);
});

test('every change to a state that is no acceptance has its own', async () => {
  const { reports, asked } = await watch({ looks: [accepted, refused, revoked, accepted] });
  expect(asked.map(({ evidence: seen }) => seen)).toEqual([refused, revoked]);
  expect(reports.map(({ experiments }) => experiments?.length)).toEqual([
    undefined,
    1,
    1,
    undefined,
  ]);
});

test('later reports of the same state rest on the experiments that were made when it began', async () => {
  const { reports, asked } = await watch({ looks: [refused, refused], heartbeatMs: 1 });
  expect(asked).toHaveLength(1);
  expect(reports.map(({ experiments }) => experiments)).toEqual([[experiment], [experiment]]);
});

test('when the next look is made does not depend on experiments', async () => {
  const looks = [refused, revoked, refused, accepted, accepted];
  const quick = await watch({ looks });
  const slow = await watch({ looks, tookMs: 400 });
  expect(slow.lookedAtMs).toEqual(quick.lookedAtMs);
});

test('a change of state is reported also when the end comes during its experiments', async () => {
  const { reports, lookedAtMs } = await watch({
    looks: [refused, refused],
    onExperiment: (end) => end(),
  });
  expect(reports).toHaveLength(1);
  expect(lookedAtMs).toHaveLength(1);
});
