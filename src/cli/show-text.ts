/** The parts of a bundle beside its reports, as text for a person. */
import type { OpenedBundle } from '../agent/bundle/open-bundle.ts';
import { wrap } from '../format/paragraph.ts';
import { statusText } from '../format/status/text.ts';
import { timeInWords, valueInWords } from '../format/words.ts';
import type { Report } from '../report/report.ts';
import type { Status } from '../report/status.ts';

export function bundleText(bundle: OpenedBundle): string {
  const { history, settings, problems, environment, names, status } = bundle;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      'What is wrong with the configuration',
      problems.flatMap((each) => wrap(each, '  - ', '    ')),
    ],
    ['The agent that ran there', status ? statusLines(status) : []],
    ['Earlier reports, oldest first', history.flatMap(historyLines)],
    [
      'Configuration',
      settings
        .filter(({ value }) => value !== '')
        .flatMap(({ setting, value, origin }) => row(setting, `${value} (${origin})`)),
    ],
    ...Object.entries(environment).map(
      ([group, facts]) => [`Environment: ${group}`, factLines(facts)] as const,
    ),
    ['In the bundle', wrap(names.join(', '), '  ')],
  ];
  const paragraphs = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [wrap(heading).join('\n'), ...lines].join('\n'));
  return `${paragraphs.join('\n\n')}\n`;
}

function statusLines(status: Status): readonly string[] {
  const lines = statusText(status, { colour: false }).split('\n');
  return lines.filter((line) => line !== '');
}

function historyLines({ time, outcome, target, cause, attempt }: Report): readonly string[] {
  const repeats = attempt.repeats > 0 ? `, ${attempt.repeats} alike before it` : '';
  const what = `${target.host} port ${target.port}${cause ? `, ${cause.code}` : ''}${repeats}`;
  return wrap(what, `  ${timeInWords(time)}  ${outcome.padEnd(12)}`, ' '.repeat(36));
}

function factLines(facts: unknown): readonly string[] {
  if (typeof facts !== 'object' || facts === null) return [];
  return Object.entries(facts).flatMap(([name, value]) => row(name, valueInWords(value)));
}

const nameWidth = 24;

function row(name: string, value: string): readonly string[] {
  const first = `  ${name.padEnd(nameWidth)} `;
  return wrap(value, first, ' '.repeat(nameWidth + 3)).map((line) => line.trimEnd());
}
