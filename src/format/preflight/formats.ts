/** The one place where a format of preflights is registered: its key is the choice on the command line. */
import type { Preflight } from '../../preflight/preflight.ts';
import { jsonLine } from '../event/fields.ts';
import { junit } from './junit.ts';
import { text } from './text.ts';

export interface PreflightFormatOptions {
  /** What was judged, in two words: `client credential`. */
  readonly what: string;
  /** ANSI colours, for a terminal. */
  readonly colour: boolean;
}

/** Pure. The result ends with a line feed. */
export type PreflightFormat = (preflight: Preflight, options: PreflightFormatOptions) => string;

export const preflightFormats = {
  text,
  json: jsonLine,
  junit,
} as const satisfies Record<string, PreflightFormat>;
export type PreflightFormatName = keyof typeof preflightFormats;

export function isPreflightFormatName(name: string): name is PreflightFormatName {
  return Object.hasOwn(preflightFormats, name);
}
