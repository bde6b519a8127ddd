/** The part of the text that says what extra attempts were made, and what came of each. */
import { experimentInWords } from '../diagnosis/experiments.ts';
import type { Report } from '../report/report.ts';
import { bullet } from './paragraph.ts';

export function experimentLines({ experiments = [] }: Report): readonly string[] {
  return experiments.flatMap((experiment) => bullet(experimentInWords(experiment)));
}
