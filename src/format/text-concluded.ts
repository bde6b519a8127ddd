/** The parts of the text that say what was concluded. */
import { catalogue } from '../diagnosis/catalogue.ts';
import type { Alternative } from '../diagnosis/diagnose.ts';
import type { Report } from '../report/report.ts';
import { bullet, wrap } from './paragraph.ts';
import { factInWords, valueInWords } from './words.ts';

export function whyLines({ cause }: Report): readonly string[] {
  if (!cause) return [];
  return [
    ...cause.evidence.flatMap(bullet),
    ...wrap(`More about it: sidelight explain ${cause.code}`, '  '),
  ];
}

export function changeLines({ changes = [] }: Report): readonly string[] {
  return changes.flatMap(({ what, before, now }) => [
    ...bullet(factInWords(what)),
    ...wrap(`before: ${valueInWords(before)}`, '      ', '              '),
    ...wrap(`now:    ${valueInWords(now)}`, '      ', '              '),
  ]);
}

export function alternativeLines({ alternatives }: Report): readonly string[] {
  return alternatives.flatMap((each) => bullet(alternativeInWords(each)));
}

/** `The proxy refused (proxy-refused), possible`; the code alone where a later version knows more causes. */
export function alternativeInWords({ code, confidence }: Alternative): string {
  const title = catalogue.find((cause) => cause.code === code)?.title;
  return title === undefined ? `${code}, ${confidence}` : `${title} (${code}), ${confidence}`;
}

export function warningLines({ warnings }: Report): readonly string[] {
  return warnings.flatMap(({ code, title, evidence }) => bullet(`${title}. ${evidence} (${code})`));
}

export function preflightLines(report: Report): readonly string[] {
  return preflightSentences(report).flatMap(bullet);
}

/** One for each check that a new credential did not pass. */
export function preflightSentences({ preflight }: Report): readonly string[] {
  return (preflight?.checks ?? []).map(
    ({ code, outcome, title, evidence, remedy }) =>
      `${title}: ${outcome}. ${evidence.join(' ')} ${remedy} (${code})`,
  );
}
