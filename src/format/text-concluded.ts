/** The parts of the text that say what was concluded. */
import type { Report } from '../report/report.ts';
import { bullet, wrap } from './paragraph.ts';

export function whyLines({ cause }: Report): readonly string[] {
  return cause ? cause.evidence.flatMap(bullet) : [];
}

export function changeLines({ changes = [] }: Report): readonly string[] {
  return changes.flatMap(({ what, before, now }) => [
    ...bullet(what),
    ...wrap(`before: ${valueInWords(before)}`, '      ', '              '),
    ...wrap(`now:    ${valueInWords(now)}`, '      ', '              '),
  ]);
}

function valueInWords(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length > 0 ? value.map(String).join('; ') : 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function alternativeLines({ alternatives }: Report): readonly string[] {
  return alternatives.flatMap(({ code, confidence }) => bullet(`${code} (${confidence})`));
}

export function warningLines({ warnings }: Report): readonly string[] {
  return warnings.flatMap(({ code, title, evidence }) => bullet(`${title}. ${evidence} (${code})`));
}

export function circumstanceLines(report: Report): readonly string[] {
  const { id, time, agent, attempt, target } = report;
  const since = attempt.failingSince === undefined ? '' : `, failing since ${attempt.failingSince}`;
  const repeats = attempt.repeats > 0 ? `, ${attempt.repeats} alike before it` : '';
  return [
    ...wrap(`${id} at ${time}`, '  '),
    ...wrap(`${target.url} from ${agent.host}, ${agent.name} ${agent.version}`, '  '),
    ...wrap(`attempt ${attempt.number}${since}${repeats}`, '  '),
  ];
}
