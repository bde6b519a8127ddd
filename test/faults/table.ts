/** The table of a run, and its totals. */
import { judge, type Verdict } from './judge.ts';
import type { Played } from './play.ts';

export interface Judged extends Played {
  readonly verdict: Verdict;
}

export function judgePlayed(played: Played): Judged {
  const { report, trouble, fault } = played;
  const verdict: Verdict = report
    ? judge(fault.expected, report)
    : { kind: 'miss', why: trouble ?? 'no report' };
  return { ...played, verdict };
}

const heading = ['group', 'fault', 'expected', 'got', 'ok'];

export function tableOf(all: readonly Judged[]): string {
  const rows = [heading, ...all.map(rowOf)];
  const widths = heading.map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? '').length)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf({ fault, report, verdict }: Judged): readonly string[] {
  const { code, side, decidable } = fault.expected;
  const cause = report?.cause;
  return [
    fault.group,
    fault.name,
    `${code} / ${side}${decidable === false ? ' (or among the alternatives)' : ''}`,
    cause
      ? `${cause.code} / ${cause.confidence} / ${cause.side}`
      : (report?.outcome ?? 'no report'),
    verdict.kind === 'miss' ? 'MISS' : verdict.kind,
  ];
}

export function missesOf(all: readonly Judged[]): readonly string[] {
  return all.flatMap(({ fault, report, verdict }) => {
    if (verdict.kind !== 'miss') return [];
    const seen = report && {
      outcome: report.outcome,
      layer: report.layer,
      stopped: report.steps.find(({ outcome }) => outcome === 'failed'),
      cause: report.cause,
      alternatives: report.alternatives,
      changes: report.changes,
      alerts: report.alerts,
      experiments: report.experiments,
    };
    return [
      `MISS ${fault.group}: ${fault.name}\n  ${verdict.why}\n  ${JSON.stringify(seen ?? null)}`,
    ];
  });
}

export function totalsOf(all: readonly Judged[]): string {
  const count = (kind: Verdict['kind']): number =>
    all.filter(({ verdict }) => verdict.kind === kind).length;
  const causes = all.flatMap(({ fault, report }) =>
    report?.cause ? [{ cause: report.cause, truth: fault.expected.code }] : [],
  );
  const confidences = (['certain', 'likely', 'possible'] as const).map((confidence) => {
    const given = causes.filter(({ cause }) => cause.confidence === confidence);
    const right = given.filter(({ cause, truth }) => cause.code === truth);
    return `${confidence}: ${right.length} of ${given.length} right`;
  });
  return [
    `${all.length} faults: ${count('exact')} exact, ${count('side')} right side with the truth named, ${count('miss')} missed`,
    confidences.join('; '),
  ].join('\n');
}
