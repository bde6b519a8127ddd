/** How the text of a PEM file was written: what we read all the same, and other programs do not. */
import type { FileSeen } from '../evidence/evidence.ts';

type Writing = Pick<FileSeen, 'byteOrderMark' | 'carriageReturns' | 'bareCarriageReturns'>;

export function seeWriting(octets: Uint8Array | undefined): Writing {
  if (octets === undefined) return {};
  const mark = byteOrderMark(octets);
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  const hasReturns = text.includes('\r');
  return {
    ...(mark && { byteOrderMark: mark }),
    ...(hasReturns && text.includes('\r\n') && { carriageReturns: true }),
    ...(hasReturns && breaksBlock(text.toString('latin1')) && { bareCarriageReturns: true }),
  };
}

/** Of several files, what is so in one of them. */
export function seeWritings(files: readonly Writing[]): Writing {
  const mark = files.find((file) => file.byteOrderMark)?.byteOrderMark;
  return {
    ...(mark && { byteOrderMark: mark }),
    ...(files.some((file) => file.carriageReturns) && { carriageReturns: true }),
    ...(files.some((file) => file.bareCarriageReturns) && { bareCarriageReturns: true }),
  };
}

/** For whom a line ends with LF alone, a boundary is then no line of its own, or the base64 one that is too long. */
function breaksBlock(text: string): boolean {
  let isInside = false;
  for (const line of text.split('\n')) {
    const written = line.trimEnd();
    const isBroken = written.includes('\r');
    if (isBroken && (isInside || written.includes('-----BEGIN '))) return true;
    if (written.startsWith('-----BEGIN ')) isInside = true;
    if (written.startsWith('-----END ')) isInside = false;
  }
  return false;
}

function byteOrderMark([first, second, third]: Uint8Array): FileSeen['byteOrderMark'] {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? 'utf-16' : undefined;
}
