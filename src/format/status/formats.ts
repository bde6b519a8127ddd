/** How a status is written: the key is the choice on the command line. */
import type { Status } from '../../report/status.ts';
import { jsonLine } from '../event/fields.ts';
import { statusText } from './text.ts';

/** Pure. The result ends with a line feed. */
export type StatusFormat = (status: Status, options: { readonly colour: boolean }) => string;

export const statusFormats = {
  text: statusText,
  json: jsonLine,
} as const satisfies Record<string, StatusFormat>;
export type StatusFormatName = keyof typeof statusFormats;

export function isStatusFormatName(name: string): name is StatusFormatName {
  return Object.hasOwn(statusFormats, name);
}
