/** What `sidelight explain` says: the documentation of a cause, of a check, or of an alert with the causes that speak of it. */
import { catalogue } from '../diagnosis/catalogue.ts';
import type { Cause } from '../diagnosis/cause.ts';
import { alertCode, alertName, alerts } from '../tls/alert.ts';
import { alertMeanings } from './alert-meanings.ts';
import { nearMisses } from './near-miss.ts';
import { bullet, wrap } from './paragraph.ts';
import { checkMeanings } from './preflight/check-meanings.ts';

/**
 * `asked` is the code of a cause or of a check of preflight, or an alert by number (`48`) or name (`unknown_ca`). The text ends with a line
 * feed. Undefined when nothing of that name is known: see `suggest`.
 */
export function explain(asked: string): string | undefined {
  const word = asked.trim().toLowerCase();
  const lines = explainCause(word) ?? explainCheck(word) ?? explainAlert(word);
  return lines && `${lines.join('\n')}\n`;
}

/** All that it explains, but for the numbers of alerts. */
export function explained(): readonly string[] {
  const codes = [...catalogue.map(({ code }) => code), ...Object.keys(checkMeanings)];
  return [...new Set([...codes, ...Object.values(alerts)])];
}

/** Codes and names of alerts that a mistyped word may have meant, best first. */
export function suggest(asked: string): readonly string[] {
  return nearMisses(asked.trim(), explained());
}

const sides = {
  delegate: 'this side, the delegate',
  network: 'the network',
  proxy: 'the proxy',
  gateway: 'the gateway',
} as const;

function explainCause(code: string): readonly string[] | undefined {
  const cause = catalogue.find((each) => each.code === code);
  if (!cause) return undefined;
  const reasons = catalogue.filter(({ outranks }) => outranks?.includes(code));
  return [
    code,
    ...wrap(`${cause.title}. Who must act: ${sides[cause.side]}.`),
    '',
    ...wrap(cause.documentation),
    ...listed('When one of these fits as well, it is named in its place:', reasons),
  ];
}

function explainCheck(code: string): readonly string[] | undefined {
  const meaning = Object.hasOwn(checkMeanings, code) ? checkMeanings[code] : undefined;
  return meaning === undefined ? undefined : [`${code} (a check of preflight)`, ...wrap(meaning)];
}

function explainAlert(word: string): readonly string[] | undefined {
  const code = alertNumber(word);
  if (code === undefined) return undefined;
  const name = alertName(code);
  const meaning = alertMeanings[name] ?? 'The registry has no name for this number.';
  return [
    `alert ${code} (${name})`,
    ...wrap(meaning),
    ...listed(
      'Causes that speak of it:',
      catalogue.filter(({ documentation }) => speaksOf(documentation, name)),
    ),
  ];
}

/** An alert is one octet on the wire, so every number up to 255 can stand there. */
function alertNumber(word: string): number | undefined {
  if (/^\d{1,3}$/.test(word)) return Number(word) <= 255 ? Number(word) : undefined;
  return alertCode(word.replaceAll('-', '_'));
}

function speaksOf(documentation: string, alert: string): boolean {
  return documentation.split(/[^a-z_]+/).includes(alert);
}

function listed(heading: string, causes: readonly Cause[]): readonly string[] {
  if (causes.length === 0) return [];
  return ['', heading, ...causes.flatMap(({ code, title }) => bullet(`${code}: ${title}.`))];
}
