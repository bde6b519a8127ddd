/** The one place where a format is registered: its key is the choice on the command line and in the configuration. */
import type { Report } from '../report/report.ts';
import { html } from './html.ts';
import { type LineFormatName, lineFormats } from './line-formats.ts';
import { syslog } from './syslog.ts';
import { text } from './text.ts';

export interface FormatOptions {
  /** ANSI colours, for a terminal. */
  readonly colour: boolean;
  /** Whether a terminal shows it, so that no sentence may be cut within a word. */
  readonly isTerminal?: boolean;
  /** The whole transcript besides the facts, where a format can show it. */
  readonly verbose: boolean;
  /** What stands within a syslog message; `json` when absent. */
  readonly syslogContent?: LineFormatName;
}

/** Pure. The result ends with a line feed, so that reports follow one another. */
export type Format = (report: Report, options: FormatOptions) => string;

export const formats = { ...lineFormats, text, syslog, html } as const satisfies Record<
  string,
  Format
>;
export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly FormatName[];

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/** What `run` writes an event in, one a line: every format but a page. */
export const eventFormats = { ...lineFormats, syslog } as const satisfies Record<string, Format>;
export type EventFormatName = keyof typeof eventFormats;

export const eventFormatNames = Object.keys(eventFormats) as readonly EventFormatName[];

export function isEventFormatName(name: string): name is EventFormatName {
  return Object.hasOwn(eventFormats, name);
}
