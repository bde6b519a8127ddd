/** The handshake as a ladder: our messages go right, the gateway's come left, alerts stand out. */
import type { AlertSeen, Ending, MessageSeen } from '../../evidence/evidence.ts';
import type { Report } from '../../report/report.ts';
import { alertOf } from '../ladder.ts';
import { alertInWords, endingInWords } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { section, table } from './section.ts';

export function ladderSection(report: Report): Markup | undefined {
  const { tls, alerts } = report;
  if (!tls || tls.transcript.length === 0) return undefined;
  const dropped = tls.transcriptDropped ?? 0;
  return section(
    'handshake',
    'The handshake',
    diagram(tls.transcript, alerts, tls.ended),
    dropped > 0 ? html`<p>${dropped} more messages were counted and not kept.</p>` : undefined,
    html`<details><summary>The same as a table</summary>
${table(
  'Messages in the order of the wire',
  ['message', 'from', 'time', 'size', 'protection'],
  tls.transcript.map((message) => row(message, alerts)),
)}
</details>`,
  );
}

function row(message: MessageSeen, alerts: readonly AlertSeen[]): readonly string[] {
  const { direction, sizeBytes, encrypted, atMs } = message;
  return [
    nameOf(message, alertOf(message, alerts)),
    direction === 'sent' ? 'us' : 'the gateway',
    `${atMs.toFixed(1)} ms`,
    `${sizeBytes} octets`,
    encrypted ? 'encrypted' : 'in clear',
  ];
}

function nameOf({ name, code }: MessageSeen, alert: AlertSeen | undefined): string {
  if (alert) return `alert ${alert.code} ${alert.description}`;
  return code === undefined ? name : `${name} ${code}`;
}

/** Lengths are in CSS pixels and percent, without a viewBox: so the text keeps its size on every screen. */
const rungHeight = 34;
const top = 34;

function diagram(
  transcript: readonly MessageSeen[],
  alerts: readonly AlertSeen[],
  ended: Ending | undefined,
): Markup {
  const bottom = top + transcript.length * rungHeight + 8;
  const height = bottom + (ended ? 40 : 8);
  return html`<figure class="ladder">
<svg role="img" aria-labelledby="ladder-title ladder-words" width="100%" height="${height}">
<title id="ladder-title">The messages between us and the gateway</title>
<desc id="ladder-words">${inWords(transcript, alerts, ended)}</desc>
<text class="peer" x="0" y="16">us</text>
<text class="peer" x="100%" y="16" text-anchor="end">the gateway</text>
<line class="life" x1="1" x2="1" y1="24" y2="${bottom}"/>
<svg x="100%" overflow="visible"><line class="life" x1="-1" x2="-1" y1="24" y2="${bottom}"/></svg>
${transcript.map((message, index) => rung(message, alerts, top + index * rungHeight))}${ended ? endOf(ended, bottom) : undefined}</svg>
<figcaption>A full line is encrypted, a broken one in clear. Times are in ms since the look began.</figcaption>
</figure>`;
}

function inWords(
  transcript: readonly MessageSeen[],
  alerts: readonly AlertSeen[],
  ended: Ending | undefined,
): string {
  const sent = transcript.filter(({ direction }) => direction === 'sent').length;
  const counts = `We sent ${sent} messages and received ${transcript.length - sent}.`;
  const alarms = alerts.map((alert) => `Alert: ${alertInWords(alert)}.`);
  const end = ended ? [`The connection ended ${endingInWords(ended)}.`] : [];
  return [counts, ...alarms, ...end].join(' ');
}

/** The name stands at the sender's end, the time at the receiver's. */
function rung(message: MessageSeen, alerts: readonly AlertSeen[], y: number): Markup {
  const { direction, encrypted, atMs } = message;
  const alert = alertOf(message, alerts);
  const isSent = direction === 'sent';
  const kind = message.name === 'alert' ? kindOf(alert) : 'plain';
  const sender = isSent ? html`x="10"` : html`x="100%" dx="-10" text-anchor="end"`;
  const receiver = isSent ? html`x="100%" dx="-16" text-anchor="end"` : html`x="16"`;
  return html`<g class="rung ${direction} ${kind} ${encrypted ? 'encrypted' : 'clear'}">
<text class="name" ${sender} y="${y + 14}">${kind === 'plain' ? '' : '⚠ '}${nameOf(message, alert).slice(0, 60)}</text><text class="time" ${receiver} y="${y + 14}">${atMs.toFixed(1)}</text>
<line x1="2" x2="100%" y1="${y + 22}" y2="${y + 22}"/>
${isSent ? html`<svg x="100%" y="${y + 22}" overflow="visible"><path d="M-2 0l-9-5v10z"/></svg>` : html`<path d="M2 ${y + 22}l9-5v10z"/>`}
</g>
`;
}

/** What belongs to an orderly close is no alarm: close_notify, user_canceled, no_renegotiation. */
const orderly: readonly number[] = [0, 90, 100];

function kindOf(alert: AlertSeen | undefined): 'plain' | 'alert warning' | 'alert fatal' {
  if (alert?.level !== 'warning') return 'alert fatal';
  return orderly.includes(alert.code) ? 'plain' : 'alert warning';
}

function endOf(ended: Ending, y: number): Markup {
  const isOurs = ended.by === 'us';
  const place = isOurs ? html`x="10"` : html`x="100%" dx="-10" text-anchor="end"`;
  const cross = html`<path d="M-5 -5l10 10M5 -5l-10 10"/>`;
  return html`<g class="end">
<svg x="${isOurs ? '6' : '100%'}" y="${y}" overflow="visible">${isOurs ? cross : html`<g transform="translate(-6 0)">${cross}</g>`}</svg>
<text ${place} y="${y + 24}">ended ${endingInWords(ended)}</text>
</g>
`;
}
