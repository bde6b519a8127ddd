/** The sections that say what was concluded, and from what. */
import { experimentInWords } from '../../diagnosis/experiments.ts';
import type { Report } from '../../report/report.ts';
import { delegateFacts } from '../facts.ts';
import { delegateSentence } from '../summary.ts';
import { alternativeInWords, preflightSentences } from '../text-concluded.ts';
import { replayedSentences } from '../text-replayed.ts';
import { factInWords, timeInWords, valueInWords } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { bulletList, factList, nowrap, section, table } from './section.ts';

export function replayedSection(report: Report): Markup | undefined {
  return section('replayed', 'Diagnosed again', bulletList(replayedSentences(report)));
}

export function preflightSection(report: Report): Markup | undefined {
  const heading = 'Of new files, which this look did not use yet';
  return section('preflight', heading, bulletList(preflightSentences(report)));
}

export function evidenceSection({ cause }: Report): Markup | undefined {
  return section('evidence', 'Evidence', bulletList(cause?.evidence ?? []));
}

export function changesSection({ changes, lastAcceptedAt }: Report): Markup | undefined {
  if (lastAcceptedAt === undefined) return undefined;
  const since = html`<p>Compared with the last accepted look, at ${timeInWords(lastAcceptedAt)}.</p>`;
  const rows = (changes ?? []).map(({ what, before, now }) => [
    factInWords(what),
    valueInWords(before),
    valueInWords(now),
  ]);
  const changed = table(
    'What changed since the last accepted look',
    ['fact', 'before', 'now'],
    rows,
  );
  return section('changes', 'What changed', since, changed ?? html`<p>Nothing changed.</p>`);
}

export function warningsSection({ warnings }: Report): Markup | undefined {
  const items = warnings.map(
    ({ code, title, evidence }) =>
      html`<strong>${title}.</strong> ${evidence} <code>${code}</code>`,
  );
  return section('warnings', 'Warnings', bulletList(items));
}

export function alternativesSection({ alternatives }: Report): Markup | undefined {
  return section(
    'alternatives',
    'It could also be',
    bulletList(alternatives.map(alternativeInWords)),
  );
}

export function experimentsSection({ experiments = [] }: Report): Markup | undefined {
  const rows = experiments.map((experiment) => [
    experimentInWords(experiment),
    nowrap(experiment.outcome),
    nowrap(`${experiment.durationMs.toFixed(0)} ms`),
  ]);
  const columns = ['what was changed, and what came of it', 'outcome', 'time'];
  return section('experiments', 'Experiments', table('Extra attempts', columns, rows));
}

export function delegateSection(report: Report): Markup | undefined {
  const sentence = delegateSentence(report);
  if (sentence === undefined) return undefined;
  const heading = 'What the Java delegate would see';
  return section('delegate', heading, html`<p>${sentence}</p>`, factList(delegateFacts(report)));
}
