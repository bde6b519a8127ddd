/** The transcript as a ladder: our messages go right, the gateway's come left, in the order of the wire. */
import type { AlertSeen, MessageSeen } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import { safeLine } from './paragraph.ts';

const span = 64;

export function drawLadder({ tls, alerts }: Report): readonly string[] {
  if (!tls || tls.transcript.length === 0) return [];
  const dropped = tls.transcriptDropped ?? 0;
  return [
    `${' '.repeat(11)}us${' '.repeat(span - 7)}gateway`,
    ...tls.transcript.map((message) => rung(message, alerts)),
    ...(dropped > 0 ? [`${' '.repeat(12)}and ${dropped} more`] : []),
    '  Encrypted messages stand in [brackets]; sizes are in octets, times in ms.',
  ];
}

function rung(message: MessageSeen, alerts: readonly AlertSeen[]): string {
  const label = ` ${labelOf(message, alerts)} `;
  const dashes = Math.max(4, span - label.length - 1);
  const time = message.atMs.toFixed(1).padStart(10);
  if (message.direction === 'sent') return `${time}  |--${label}${'-'.repeat(dashes - 2)}>|`;
  return `${time}  |<${'-'.repeat(dashes - 2)}${label}--|`;
}

function labelOf(message: MessageSeen, alerts: readonly AlertSeen[]): string {
  const { name, code, sizeBytes, encrypted } = message;
  const number = code === undefined ? '' : ` ${code}`;
  const alert = alertOf(message, alerts);
  const what = safeLine(alert ? `alert ${alert.description} ${alert.code}` : `${name}${number}`);
  return `${encrypted ? `[${what}]` : what} ${sizeBytes}`;
}

/** What an alert in the transcript says; undefined for every other message. */
export function alertOf(message: MessageSeen, alerts: readonly AlertSeen[]): AlertSeen | undefined {
  if (message.name !== 'alert') return undefined;
  return alerts.find(
    ({ direction, atMs }) => direction === message.direction && atMs === message.atMs,
  );
}
