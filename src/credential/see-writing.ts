/** How the text of a PEM file was written: what we read all the same, and other programs do not. */
import type { FileSeen } from '../evidence/evidence.ts';

type Writing = Pick<FileSeen, 'byteOrderMark' | 'carriageReturns'>;

export function seeWriting(octets: Uint8Array | undefined): Writing {
  if (octets === undefined) return {};
  const mark = byteOrderMark(octets);
  return {
    ...(mark && { byteOrderMark: mark }),
    ...(Buffer.from(octets).includes('\r\n') && { carriageReturns: true }),
  };
}

function byteOrderMark([first, second, third]: Uint8Array): FileSeen['byteOrderMark'] {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? 'utf-16' : undefined;
}
