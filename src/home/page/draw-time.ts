/** What happened over time, drawn: how many were affected, which incidents there were, how one delegate fared. */
import { html, type Markup } from '../../format/html/markup.ts';
import type { Incident } from '../incidents/incident.ts';
import { incidentAddress } from './address.ts';
import {
  clockInWords,
  durationInWords,
  inShort,
  plural,
  type State,
  stateWords,
} from './in-words.ts';

const width = 1_000;
const height = 160;

/** The number of affected delegates, as it was told from time to time. `label` says it in words. */
export function drawCurve(incident: Incident, nowMs: number, label: string): Markup {
  const { firstMs, closedMs, openedMs, timeline, affected, peak, lastGoodMs } = incident;
  const fromMs = Math.min(firstMs, lastGoodMs ?? firstMs, openedMs);
  const endMs = Math.max(closedMs ?? nowMs, fromMs + 1_000);
  const most = Math.max(peak, ...timeline.map((entry) => entry.affected), 1);
  const x = (ms: number): string => ((width * (ms - fromMs)) / (endMs - fromMs)).toFixed(1);
  const y = (count: number): string => (height - (height - 12) * (count / most)).toFixed(1);
  const points = timeline.map((entry) => ({ atMs: entry.atMs, count: entry.affected }));
  const steps = points.map(({ atMs, count }) => `L${x(atMs)} ${y(count)}`);
  const now = closedMs === undefined ? `L${x(endMs)} ${y(affected)}` : '';
  const line = `M${x(firstMs)} ${height}${steps.join('')}${now}`;
  const mark = (ms: number): Markup =>
    html`<line class="mark-line" x1="${x(ms)}" x2="${x(ms)}" y1="0" y2="${height}"/>`;
  return html`<figure class="curve" id="curve">
<svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" height="160">
<path class="area" d="${line}L${x(endMs)} ${height}z"/>
${mark(openedMs)}<path class="line" d="${line}"/>
</svg>
<div class="axis" aria-hidden="true"><span>${clockInWords(fromMs, nowMs)}</span><span>${durationInWords(endMs - fromMs)}</span><span>${closedMs === undefined ? 'now' : clockInWords(endMs, nowMs)}</span></div>
<figcaption>${label}</figcaption>
</figure>`;
}

const laneHeight = 30;

/** Each incident as a bar on one time, in the order given; the same stands in the table. */
export function drawLanes(incidents: readonly Incident[], nowMs: number): Markup | undefined {
  if (incidents.length === 0) return undefined;
  const fromMs = Math.min(...incidents.map(({ firstMs }) => firstMs));
  const spanMs = Math.max(nowMs - fromMs, 60_000);
  const percent = (ms: number): number =>
    Math.min(Math.max((100 * (ms - fromMs)) / spanMs, 0), 100);
  const lane = (incident: Incident, index: number): Markup => {
    const { id, state, title, firstMs, closedMs = nowMs } = incident;
    const y = index * laneHeight;
    const from = Math.min(percent(firstMs), 99.2);
    const wide = Math.max(percent(closedMs) - from, 0.8);
    return html`<a href="${incidentAddress(id)}" id="lane-${id}" tabindex="-1"><rect class="lane" y="${y}" width="100%" height="${laneHeight - 4}"/><rect class="${state}" x="${from.toFixed(2)}%" y="${y + 17}" width="${wide.toFixed(2)}%" height="8" rx="2"/><text y="${y + 13}" x="4">${state === 'open' ? '▲ ' : ''}${title.slice(0, 60)}</text></a>
`;
  };
  return html`<figure class="lanes" id="lanes">
<svg aria-hidden="true" width="100%" height="${incidents.length * laneHeight}">
${incidents.map(lane)}</svg>
<div class="axis" aria-hidden="true"><span>${clockInWords(fromMs, nowMs)}</span><span>${durationInWords(spanMs)}</span><span>now</span></div>
<figcaption>When each incident began and how long it went on; ▲ is open. The same stands in the table.</figcaption>
</figure>`;
}

/** One report in a history. */
export interface Moment {
  /** By home's clock. */
  readonly atMs: number;
  readonly state: State;
}

const stripHeights = {
  accepted: 10,
  unconfirmed: 18,
  failed: 26,
  silent: 4,
  rejected: 34,
} as const;

/** How one delegate fared with `target`, from the first of these to now; the oldest first. */
export function drawStrip(
  moments: readonly Moment[],
  nowMs: number,
  target: string,
): Markup | undefined {
  const [first] = moments;
  if (!first) return undefined;
  const spanMs = Math.max(nowMs - first.atMs, 1_000);
  const percent = (ms: number): number =>
    Math.min(Math.max((100 * (ms - first.atMs)) / spanMs, 0), 100);
  const runs = runsOf(moments);
  const bars = runs.map(({ atMs, state }, index) => {
    const from = percent(atMs);
    const to = percent(runs[index + 1]?.atMs ?? nowMs);
    const tall = stripHeights[state];
    return html`<rect class="${state}" x="${from.toFixed(2)}%" y="${36 - tall}" width="${Math.max(to - from, 0.3).toFixed(2)}%" height="${tall}"/>`;
  });
  const turns =
    runs.length === 1 ? 'without a change' : `with ${plural(runs.length - 1, 'change')}`;
  const last = runs.at(-1)?.state ?? 'accepted';
  const reports = moments.filter(({ state }) => state !== 'silent').length;
  const words = `${inShort(target) || 'no target'} over ${durationInWords(nowMs - first.atMs)}: ${plural(reports, 'report')} ${turns}; the latest: ${stateWords[last].toLowerCase()}`;
  return html`<figure class="strip" id="strip-${encodeURIComponent(target)}">
<svg role="img" aria-label="${words}" height="36">${bars}</svg>
<div class="axis" aria-hidden="true"><span>${clockInWords(first.atMs, nowMs)}</span><span>now</span></div>
<figcaption>${words}. The taller, the worse.</figcaption>
</figure>`;
}

/** Equal neighbours are one. */
function runsOf(moments: readonly Moment[]): readonly Moment[] {
  return moments.filter(({ state }, index) => index === 0 || moments[index - 1]?.state !== state);
}
