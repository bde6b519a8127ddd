/** One received CloudEvent, judged: what is stored, or why it is not. Everything here comes from a stranger. */
import { parseTime } from '../base/clock.ts';
import { sanitise } from '../base/sanitise.ts';
import { reportEventType } from '../sink/home/cloud-event.ts';

export interface ReceivedEvent {
  readonly source: string;
  readonly id: string;
  /** Absent when the event has no time. */
  readonly timeMs?: number;
  /** The event's data as JSON, without a character that could harm a terminal. */
  readonly report: string;
}

export type RejectionReason =
  | 'not-an-object'
  | 'specversion' // other than 1.0
  | 'id' // absent, empty, too long, or with characters that do not print
  | 'source' // likewise
  | 'type' // not ours
  | 'time' // not RFC 3339
  | 'data' // absent, no object, or of no report schema
  | 'too-large'
  | 'too-deep';

export interface Rejection {
  readonly reason: RejectionReason;
  /** Of the event as JSON; absent when it cannot be written as such. */
  readonly excerpt?: string;
}

const maxReportLength = 256 * 1024;
const maxExcerptLength = 4_096;

export function readEvent(value: unknown): ReceivedEvent | Rejection {
  const text = safeJson(value);
  if (text === undefined) return { reason: 'too-deep' };
  const read = readAttributes(value);
  if (typeof read === 'object') return read;
  return { reason: read, excerpt: text.slice(0, maxExcerptLength) };
}

export function isRejection(event: ReceivedEvent | Rejection): event is Rejection {
  return 'reason' in event;
}

function readAttributes(value: unknown): ReceivedEvent | RejectionReason {
  if (!isObject(value)) return 'not-an-object';
  const { specversion, id, source, type, time } = value;
  if (specversion !== '1.0') return 'specversion';
  if (!isPrintable(id, 256)) return 'id';
  if (!isPrintable(source, 1_024)) return 'source';
  if (type !== reportEventType) return 'type';
  const timeMs = typeof time === 'string' ? parseTime(time) : undefined;
  if (time !== undefined && timeMs === undefined) return 'time';
  const data = readData(value['data']);
  return 'reason' in data
    ? data.reason
    : { source, id, ...data, ...(timeMs !== undefined && { timeMs }) };
}

function readData(data: unknown): { report: string } | { reason: RejectionReason } {
  if (!isObject(data) || !isReportSchema(data['schema'])) return { reason: 'data' };
  const report = safeJson(data) ?? '';
  return report.length > maxReportLength ? { reason: 'too-large' } : { report };
}

function isReportSchema(schema: unknown): boolean {
  return typeof schema === 'string' && /^sidelight\.report\/\d+$/.test(schema);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPrintable(value: unknown, maxLength: number): value is string {
  if (typeof value !== 'string' || value === '') return false;
  return value.length <= maxLength && sanitise(value, maxLength) === value;
}

/** JSON whose strings hold the same characters, the unsafe ones as escapes; undefined when nested too deeply to write. */
function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)?.replace(unprintable, escapeUnits);
  } catch {
    return undefined;
  }
}

/** What JSON leaves raw and a terminal, an editor or a log viewer may act upon. Outside strings JSON has none of it. */
const unprintable = /[\x7f-\x9f\p{Zl}\p{Zp}\p{Cf}]/gu;

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()]
    .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('');
}
