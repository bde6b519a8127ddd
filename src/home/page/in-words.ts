/** Times, numbers and codes as people read them on the page, and as they are read aloud. */
import { isoTime } from '../../base/clock.ts';
import { sanitise } from '../../base/sanitise.ts';
import type { Side } from '../../diagnosis/cause.ts';
import type { Outcome } from '../../evidence/evidence.ts';
import { html, type Markup } from '../../format/html/markup.ts';
import type { ClosedBecause, IncidentKind, TimelineWhat } from '../incidents/incident.ts';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `1 hour 20 minutes`: the two largest units; one alone when `most` is 1. */
export function durationInWords(durationMs: number, most: 1 | 2 = 2): string {
  let left = Math.max(durationMs, 0);
  const first = units.findIndex(([, unitMs]) => left >= unitMs);
  if (first === -1) return 'less than a second';
  const words = units.slice(first, first + most).flatMap(([name, unitMs]) => {
    const count = Math.floor(left / unitMs);
    left -= count * unitMs;
    return count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`];
  });
  return words.join(' ');
}

export function agoInWords(ms: number, nowMs: number): string {
  const agoMs = nowMs - ms;
  if (agoMs < -1_000) return `in ${durationInWords(-agoMs, 1)}`;
  return agoMs < 2_000 ? 'just now' : `${durationInWords(agoMs, 1)} ago`;
}

/** `12:19:04 UTC`, with the day where it is another. */
export function clockInWords(ms: number, nowMs: number): string {
  const [day = '', time = ''] = isoTime(ms).split(/[T.]/);
  const isToday = isoTime(nowMs).startsWith(day);
  return isToday ? `${time} UTC` : `${day} ${time} UTC`;
}

/** Both forms: how long ago, and when. A time that no calendar holds becomes a dash. */
export function moment(ms: number, nowMs: number): Markup {
  if (!isWritable(ms)) return html`–`;
  return html`<time datetime="${isoTime(ms)}">${clockInWords(ms, nowMs)}</time> <span class="soft nowrap">${agoInWords(ms, nowMs)}</span>`;
}

/** Reports take seconds to arrive; what is further off has waited, or another clock. */
const soonMs = 60_000;

/** What an agent's own clock said of a report, where that is not about when it arrived; else nothing. */
export function ownTime(timeMs: number, receivedMs: number): Markup | undefined {
  const earlyMs = receivedMs - timeMs;
  if (Math.abs(earlyMs) <= soonMs) return undefined;
  if (!isWritable(timeMs)) return html`a time that no calendar holds`;
  const apart = durationInWords(Math.abs(earlyMs), 1);
  return html`<time datetime="${isoTime(timeMs)}">${clockInWords(timeMs, receivedMs)}</time> <span class="soft nowrap">${apart} ${earlyMs > 0 ? 'before' : 'after'} it arrived</span>`;
}

function isWritable(ms: number): boolean {
  return Math.abs(ms) < 8.64e15;
}

/** A peer's words where there is no room for all of them; they stand in full where they are the subject. */
export function inShort(text: string, maxLength = 90): string {
  return sanitise(text, maxLength);
}

/** `10,000`. */
export function countInWords(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

export function plural(count: number, noun: string): string {
  return `${countInWords(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `98 %`; what is neither none nor all is never told as such. */
export function shareInWords(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 1) return 'below 1 %';
  if (percent > 99 && percent < 100) return 'above 99 %';
  return `${Math.round(percent)} %`;
}

/** How a delegate stands: its outcome, or that it no longer reports. */
export type State = Outcome | 'silent';

/** The worst first. */
export const states = ['rejected', 'failed', 'silent', 'unconfirmed', 'accepted'] as const;

export const stateWords = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  failed: 'Failed',
  unconfirmed: 'Unconfirmed',
  silent: 'Silent',
} as const satisfies Readonly<Record<State, string>>;

/** Told by shape as well as by colour. */
const signs = {
  accepted: html`<path d="M6 12.5l4 4 8-9"/>`,
  rejected: html`<path d="M7 7l10 10M17 7L7 17"/>`,
  failed: html`<path d="M12 5.5v8.5M12 18v.5"/>`,
  unconfirmed: html`<path d="M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.1-1.5 2.3M12 18v.5"/>`,
  silent: html`<path d="M6 12h12"/>`,
} as const satisfies Readonly<Record<State, Markup>>;

export function sign(state: State): Markup {
  return html`<svg class="mark ${state}" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/>${signs[state]}</svg>`;
}

export function stateMark(state: State): Markup {
  return html`<span class="state ${state}">${sign(state)} ${stateWords[state]}</span>`;
}

export function isState(text: string): text is State {
  return (states as readonly string[]).includes(text);
}

/** Whose turn it is. */
export function whoMustAct(side: Side | undefined, kind: IncidentKind): string {
  if (kind === 'silence') return 'Nobody knows yet: no delegate of these says anything';
  if (side === undefined) return 'Nobody knows yet: no delegate names a cause';
  return actors[side];
}

const actors = {
  delegate: 'The delegates must act',
  network: 'The network must act',
  proxy: 'The proxy must act',
  gateway: 'The gateway must act',
} as const satisfies Readonly<Record<Side, string>>;

export const timelineWords = {
  opened: 'Opened',
  reopened: 'Began again',
  grew: 'Twice as many',
  shrank: 'Half as many',
  cause: 'Another cause leads',
  still: 'Goes on',
  closed: 'Closed',
} as const satisfies Readonly<Record<TimelineWhat, string>>;

export const closedWords = {
  recovered: 'they are accepted again',
  'fell-silent': 'most of them no longer report',
  merged: 'a wider incident took them over',
} as const satisfies Readonly<Record<ClosedBecause, string>>;
