/** The part of the text that says what the Java delegate would see. */
import type { Report } from '../report/report.ts';
import { delegateFacts } from './facts.ts';
import { wrap } from './paragraph.ts';
import { delegateSentence } from './summary.ts';
import { factLines } from './text-seen.ts';

export function delegateLines(report: Report): readonly string[] {
  const sentence = delegateSentence(report);
  if (sentence === undefined) return [];
  return [...wrap(sentence, '  '), ...factLines(delegateFacts(report))];
}
