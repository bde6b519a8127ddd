/** Protocol versions by the names that reports and options use. */
import { nameIn } from './name-in.ts';

/** Number to name; RFC 9846 section 4.2.1 and the RFCs before it. */
export const versions: Readonly<Record<number, string>> = {
  2: 'SSL 2.0',
  768: 'SSL 3.0',
  769: '1.0',
  770: '1.1',
  771: '1.2',
  772: '1.3',
};

export const tls12 = 0x0303;
export const tls13 = 0x0304;

/** `1.3`, or `0x1a2b` for a number without a name. */
export function versionName(number: number): string {
  return nameIn(versions, number);
}
