/** One received CloudEvent, judged: what is stored, or why it is not. Everything here comes from a stranger. */
import { parseTime } from '../base/clock.ts';
import { escapeUnsafeInJson, sanitise } from '../base/sanitise.ts';
import { reportEventType } from '../sink/home/cloud-event.ts';
import { type ReportFacts, readReportFacts } from './report-facts.ts';

export interface ReceivedEvent {
  readonly source: string;
  readonly id: string;
  /** Absent when the event has no time. */
  readonly timeMs?: number;
  /** The event's data as JSON, without a character that could harm a terminal. */
  readonly report: string;
  readonly facts: ReportFacts;
  /** The event's data, parsed. */
  readonly document: Readonly<Record<string, unknown>>;
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
  | 'too-deep'
  | 'not-json' // no JSON in UTF-8: one element, or the whole body
  | 'not-an-array' // of a batch
  | 'too-many' // events in a batch
  | 'body-too-large'
  | 'not-a-message' // of the WebSocket's protocol
  | 'too-many-delegates' // more sources than its sender may bring
  | 'unstorable'; // the database refuses it

export interface Rejection {
  readonly reason: RejectionReason;
  /** Absent when it has none that may be repeated. */
  readonly id?: string;
  /** Of the event as JSON; absent when it cannot be written as such. */
  readonly excerpt?: string;
}

/** Stands in for an event, or a whole body, that was refused before it was parsed. */
export class SetAside {
  readonly rejection: Rejection;

  /** Of `octets` the beginning is kept, whatever they are. */
  constructor(reason: RejectionReason, octets?: Buffer) {
    const text = octets?.toString('utf8', 0, 2 * maxExcerptLength);
    this.rejection = { reason, ...(text !== undefined && { excerpt: excerptOf(text) }) };
  }
}

export const maxReportLength = 256 * 1024;
const maxExcerptLength = 4_096;
const maxIdLength = 256;

export function readEvent(value: unknown): ReceivedEvent | Rejection {
  if (value instanceof SetAside) return value.rejection;
  const read = readAttributes(value);
  return typeof read === 'object' ? read : reject(read, value);
}

export function isRejection(event: ReceivedEvent | Rejection): event is Rejection {
  return 'reason' in event;
}

function reject(reason: RejectionReason, value: unknown): Rejection {
  const text = safeJson(value);
  const id = isObject(value) ? value['id'] : undefined;
  return {
    reason,
    ...(isPrintable(id, maxIdLength) && { id }),
    ...(text !== undefined && { excerpt: text.slice(0, maxExcerptLength) }),
  };
}

function readAttributes(value: unknown): ReceivedEvent | RejectionReason {
  if (!isObject(value)) return 'not-an-object';
  const { specversion, id, source, type, time, data } = value;
  if (specversion !== '1.0') return 'specversion';
  if (!isPrintable(id, maxIdLength)) return 'id';
  if (!isPrintable(source, 1_024)) return 'source';
  if (type !== reportEventType) return 'type';
  const timeMs = typeof time === 'string' ? parseTime(time) : undefined;
  if (time !== undefined && timeMs === undefined) return 'time';
  const read = readData(data, value);
  return typeof read === 'string'
    ? read
    : { source, id, ...read, ...(timeMs !== undefined && { timeMs }) };
}

function readData(
  data: unknown,
  attributes: Readonly<Record<string, unknown>>,
): Pick<ReceivedEvent, 'report' | 'facts' | 'document'> | RejectionReason {
  if (!isObject(data) || !isReportSchema(data['schema'])) return 'data';
  const report = safeJson(data);
  if (report === undefined) return 'too-deep';
  if (report.length > maxReportLength) return 'too-large';
  return { report, facts: readReportFacts(data, attributes), document: data };
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

function excerptOf(text: string): string {
  // Cut again: an escape is longer than what it stands for.
  return safeText(text.slice(0, maxExcerptLength)).slice(0, maxExcerptLength);
}

/** JSON whose strings hold the same characters, the unsafe ones as escapes; undefined when nested too deeply to write. */
function safeJson(value: unknown): string | undefined {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : safeText(text);
  } catch {
    return undefined;
  }
}

/** Most reports are plain ASCII, which is told ten times faster than it is gone through. */
function safeText(text: string): string {
  return /[^\x20-\x7e]/.test(text) ? escapeUnsafeInJson(text) : text;
}
