/** Looks and alerts of each target, counted from reports; each report once, however often it is sent. */
import { isoTime, parseTime } from '../../base/clock.ts';
import type { Report } from '../../report/report.ts';
import type { Tally } from '../metrics/metric.ts';
import { countLook } from '../metrics/metrics.ts';
import { targetLabel } from '../metrics/target-label.ts';
import type { ReadReport } from './read-batch.ts';

export interface TargetTally {
  readonly target: string;
  readonly tally: Tally;
  /** From when on it counts, and when the last report was: RFC 3339. */
  readonly since: string;
  readonly until: string;
}

/** Beyond it the target that was counted longest ago is forgotten, and begins anew. */
const maxTargets = 1_000;

interface Known extends TargetTally {
  readonly last: Pick<Report, 'outcome' | 'alerts'>;
}

export class Tallies {
  readonly #known = new Map<string, Known>();
  #countedThrough = 0;

  /** Counts what is new in the batch, and gives the counts of every target that is in it. */
  count(batch: readonly ReadReport[]): readonly TargetTally[] {
    for (const { report, sequence } of batch) {
      if (sequence <= this.#countedThrough) continue;
      this.#countedThrough = sequence;
      this.#add(report);
    }
    const targets = new Set(batch.map(({ report }) => targetLabel(report.target)));
    return [...targets].flatMap((target) => this.#known.get(target) ?? []);
  }

  #add(report: Report): void {
    const target = targetLabel(report.target);
    const before = this.#known.get(target);
    const { tally, last } = counted(before, report);
    this.#known.delete(target);
    const since = before?.since ?? report.time;
    this.#known.set(target, { target, tally, last, since, until: later(since, report.time) });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxTargets && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** What was not reported one by one said what the report before it said. A preflight is no look. */
function counted(before: Known | undefined, report: Report): Pick<Known, 'tally' | 'last'> {
  const last = before?.last ?? report;
  const repeats = before ? report.attempt.repeats : 0;
  const tally = countLook(before?.tally, last, repeats);
  return report.preflight ? { tally, last } : { tally: countLook(tally, report), last: report };
}

function later(one: string, other: string): string {
  return isoTime(Math.max(parseTime(one) ?? 0, parseTime(other) ?? 0));
}
