/** One report, told as the agent's own page tells it, with the handshake as a ladder. */
import { html, lines, type Markup } from '../../format/html/markup.ts';
import { reportBody } from '../../format/html/report-body.ts';
import { verdict } from '../../format/html/verdict.ts';
import { readReports } from '../../report/read-reports.ts';
import { delegateAddress, paths } from './address.ts';
import type { View } from './document.ts';
import { moment, ownTime } from './in-words.ts';
import { panel } from './pieces.ts';
import type { Sources } from './sources.ts';
import type { Whole } from './stored-reports.ts';
import { nameOf } from './survey.ts';

export function reportView(arrival: number, whole: Whole, sources: Sources): View {
  const { delegate, sender, timeMs, receivedMs } = whole;
  const apart = ownTime(timeMs, receivedMs);
  const seen = sources.incidents.fleet.delegate(delegate)?.seen;
  const name = seen ? nameOf(seen) : delegate;
  return {
    title: `Report ${arrival} of ${name}`,
    place: 'delegates',
    main: html`<p class="crumbs"><a href="${paths.delegates}">Delegates</a> / <a href="${delegateAddress(delegate)}">${name}</a></p>
<p class="soft crumbs">Report ${arrival}, brought by ${sender}, arrived ${moment(receivedMs, sources.nowMs)}. All times below are its agent's own clock${apart && html`, which said ${apart}`}.</p>
${told(whole.report)}`,
  };
}

/** It comes from a stranger: what has not a report's shape is shown as it is. */
function told(text: string): Markup {
  const { reports, refused } = readReports(text);
  const [report] = reports;
  if (report) return html`${verdict(report)}${reportBody(report)}`;
  return html`<h1>A report that cannot be told</h1>
${panel(
  'raw',
  'As it came',
  html`<p>It has not the shape of a report: ${refused[0]?.why}.</p>`,
  html`<pre tabindex="0" role="region" aria-label="The report as JSON"><code>${lines(indented(text))}</code></pre>`,
)}`;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
