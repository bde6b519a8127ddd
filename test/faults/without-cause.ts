/** What the run proves about the catalogue: each cause that is taken away makes some fault's answer wrong. */
import type { Cause } from '../../src/diagnosis/cause.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { evidenceOf } from '../../src/report/make-report.ts';
import { judge } from './judge.ts';
import type { Judged } from './table.ts';

export interface Bearing {
  readonly code: string;
  /** Faults whose answer is wrong without the cause. */
  readonly faults: readonly string[];
}

/** From the evidence of the run, by diagnosing it again; no network is used. */
export function bearings(catalogue: readonly Cause[], all: readonly Judged[]): readonly Bearing[] {
  return catalogue.map(({ code }) => {
    const rest = catalogue.filter((cause) => cause.code !== code);
    const faults = all.filter(
      (judged) => judged.verdict.kind !== 'miss' && failsWith(rest, judged),
    );
    return { code, faults: faults.map(({ fault }) => `${fault.group}: ${fault.name}`) };
  });
}

function failsWith(causes: readonly Cause[], { fault, report, baseline }: Judged): boolean {
  if (!report) return false;
  return judge(fault.expected, diagnose(evidenceOf(report), baseline, causes)).kind === 'miss';
}

/** Faults whose stored evidence does not lead to the answer that the program gave. */
export function unrepeatable(all: readonly Judged[]): readonly string[] {
  return all.flatMap(({ fault, report, baseline }) => {
    if (!report) return [];
    const again = diagnose(evidenceOf(report), baseline);
    const same = again.cause?.code === report.cause?.code;
    return same ? [] : [`${fault.name}: ${report.cause?.code} and then ${again.cause?.code}`];
  });
}
