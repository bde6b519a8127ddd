/** Formats that write an event on one line, and so can stand within a syslog message. */
import { cef } from './cef.ts';
import { ecs } from './ecs.ts';
import { json } from './json.ts';
import { leef } from './leef.ts';
import { line } from './line.ts';
import { ocsf } from './ocsf.ts';

/** `text` is what a person reads of an event; `check` has a page of it. */
export const lineFormats = { json, text: line, ecs, ocsf, cef, leef } as const;
export type LineFormatName = keyof typeof lineFormats;

export const lineFormatNames = Object.keys(lineFormats) as readonly LineFormatName[];

export function isLineFormatName(name: string): name is LineFormatName {
  return Object.hasOwn(lineFormats, name);
}
