/** The steps, and how the time was spent on them as one bar. */
import type { Step } from '../../evidence/evidence.ts';
import type { Report } from '../../report/report.ts';
import { stepInWords } from '../facts.ts';
import { html, type Markup } from './markup.ts';
import { nowrap, section, table } from './section.ts';

export function stepsSection(report: Report): Markup | undefined {
  const rows = report.steps.map((step) => [
    step.name,
    step.durationMs === undefined ? '' : nowrap(`${step.durationMs.toFixed(1)} ms`),
    outcomeOf(step, stepInWords(step, report)),
  ]);
  const columns = ['step', 'time', 'outcome'];
  return section('steps', 'Steps', timingBar(report.steps), table('Steps', columns, rows));
}

function outcomeOf({ outcome }: Step, words: string): Markup {
  const told = html`<span class="step ${outcome}">${outcome}</span>`;
  return words === '' ? told : html`${told}: ${words}`;
}

interface Segment {
  readonly name: string;
  readonly durationMs: number;
  /** In percent of the whole. */
  readonly from: number;
  readonly width: number;
}

/** Undefined when no step took any time. */
function timingBar(steps: readonly Step[]): Markup | undefined {
  const segments = segmentsOf(steps);
  if (segments.length === 0) return undefined;
  const total = segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const inWords = segments.map(({ name, durationMs }) => `${name} ${durationMs.toFixed(1)} ms`);
  return html`<figure class="timing">
<svg role="img" aria-labelledby="timing-title" width="100%" height="36">
<title id="timing-title">Time by step: ${inWords.join(', ')}; ${total.toFixed(1)} ms in all</title>
${segments.map(draw)}</svg>
<figcaption>${total.toFixed(1)} ms from the first step to the last: ${inWords.join(', ')}.</figcaption>
</figure>`;
}

function segmentsOf(steps: readonly Step[]): readonly Segment[] {
  const timed = steps.filter(
    (step) => Number.isFinite(step.durationMs) && (step.durationMs ?? 0) > 0,
  );
  const total = timed.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  let from = 0;
  return timed.map(({ name, durationMs = 0 }) => {
    const width = (durationMs / total) * 100;
    from += width;
    return { name, durationMs, from: from - width, width };
  });
}

/** A name that does not fit is cut off by its segment. */
function draw({ name, from, width }: Segment): Markup {
  const at = `${from.toFixed(2)}%`;
  return html`<svg x="${at}" y="0" width="${width.toFixed(2)}%" height="36" class="segment ${name}"><rect width="100%" height="36"/>${width < 9 ? undefined : html`<text x="50%" y="23" text-anchor="middle">${name}</text>`}</svg>
`;
}
