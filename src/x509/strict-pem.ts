/** PEM as OpenSSL loads it: where it gives a file up, though other programs read on (PEM_read_bio, PEM_X509_INFO_read_bio). */
import { X509Certificate } from 'node:crypto';
import { sanitise } from '../base/sanitise.ts';
import { readCrl } from './crl.ts';
import { readElement } from './der.ts';

export interface PemFault {
  /** The first block of the file is 1; 0 when it is the whole file. */
  readonly block: number;
  /** As it stands in the file, safe to print; empty for the whole file. */
  readonly label: string;
  readonly reason: PemReason;
}

/** `swallows-the-next`: OpenSSL loads the file, and misses the block behind this one without a word. */
export type PemReason =
  | 'no-end'
  | 'swallows-the-next'
  | 'broken-lines'
  | 'no-base64'
  | 'does-not-decode'
  | 'no-certificate';

interface StrictBlock {
  readonly label: string;
  readonly headers: string;
  readonly der: Uint8Array;
}

type Read = { readonly block: StrictBlock } | { readonly reason: PemReason };

/** Undefined when OpenSSL loads the file as trust anchors, or as a chain: whole, and with a certificate in it. */
export function findPemFault(octets: Uint8Array): PemFault | undefined {
  const lines = toLines(octets);
  let count = 0;
  let certificates = 0;
  for (let at = nextBegin(lines, 0); at < lines.length; at = nextBegin(lines, at)) {
    count += 1;
    const end = endOf(lines, at + 1);
    const label = labelOf(lines[at]?.text ?? '') ?? '';
    const reason = judgeBlock(label, lines.slice(at + 1, end + 1));
    if (reason) return { block: count, label: sanitise(label, maxLabel), reason };
    if (certificateLabels.includes(label)) certificates += 1;
    at = end + 1;
  }
  return certificates > 0 ? undefined : { block: 0, label: '', reason: 'no-certificate' };
}

function judgeBlock(label: string, lines: readonly Line[]): PemReason | undefined {
  const read = readBlock(label, lines);
  const fault = 'reason' in read ? read.reason : contentFault(read.block);
  if (nextBegin(lines, 0) === lines.length) return fault;
  return fault ? 'no-end' : 'swallows-the-next';
}

const certificateLabels: readonly string[] = [
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'TRUSTED CERTIFICATE',
];
const maxLabel = 64;

interface Line {
  /** Without what stands behind the last printable character, and a byte order mark. */
  readonly text: string;
  /** The line goes on: it is longer than OpenSSL's buffer. */
  readonly isPart: boolean;
}

const maxLine = 254;

/** A line ends with LF; a carriage return alone ends none. */
function toLines(octets: Uint8Array): readonly Line[] {
  const text = Buffer.from(octets).toString('latin1');
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  return lines.flatMap((line) => {
    const parts = line.match(/.{1,254}/gs) ?? [''];
    return parts.map((part, index) => ({
      text: part.replace(/[^!-\x7f]+$/, ''),
      isPart: index < parts.length - 1 || part.length === maxLine,
    }));
  });
}

/** Where the next block begins; the number of lines when there is none. Only the first line that is read may have a mark. */
function nextBegin(lines: readonly Line[], from: number): number {
  const begins = ({ text }: Line, index: number): boolean =>
    index >= from &&
    labelOf(index === from ? text.replace(/^\xef\xbb\xbf/, '') : text) !== undefined;
  const at = lines.findIndex(begins);
  return at < 0 ? lines.length : at;
}

function labelOf(line: string): string | undefined {
  return /^(?:\xef\xbb\xbf)?-----BEGIN (.*)-----$/s.exec(line)?.[1];
}

/** The line that ends the block, whatever its label; the number of lines when there is none. */
function endOf(lines: readonly Line[], from: number): number {
  const at = lines.findIndex(({ text }, index) => index >= from && text.startsWith('-----END '));
  return at < 0 ? lines.length : at;
}

/** `lines` are those behind the first boundary, the last boundary included. */
function readBlock(label: string, lines: readonly Line[]): Read {
  const body = lines.slice(0, -1);
  const isClosed = lines.at(-1)?.text === `-----END ${label}-----`;
  if (!isClosed) return { reason: 'no-end' };
  const parts = splitBody(body);
  if (!parts) return { reason: 'broken-lines' };
  const der = fromBase64(parts.data.join(''));
  return der ? { block: { label, headers: parts.headers, der } } : { reason: 'no-base64' };
}

/** An empty line ends the headers, whatever stands before it; behind it all lines but the last have 64 characters. */
function splitBody(body: readonly Line[]) {
  const blanks = body.flatMap(({ text }, at) => (text === '' && !body[at - 1]?.isPart ? [at] : []));
  const texts = body.map(({ text }) => text);
  const [blank] = blanks;
  if (blank === undefined) {
    return texts.some((text) => text.includes(':')) ? undefined : { headers: '', data: texts };
  }
  const data = texts.slice(blank + 1);
  const odd = data.findIndex(({ length }) => length !== 64);
  const isEven = odd < 0 || (odd === data.length - 1 && (data[odd] ?? '').length < 64);
  if (blanks.length > 1 || !isEven) return undefined;
  return { headers: texts.slice(0, blank).join('\n'), data };
}

/** A hyphen ends it, whatever comes behind. */
function fromBase64(text: string): Uint8Array | undefined {
  const dense = text.replace(/-.*$/s, '').replace(/[ \t\r]/g, '');
  const isBase64 = dense.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(dense);
  return isBase64 ? Buffer.from(dense, 'base64') : undefined;
}

/** Blocks of other kinds are passed over once they are read. */
function contentFault({ label, headers, der }: StrictBlock): PemReason | undefined {
  const isCertificate = certificateLabels.includes(label);
  if (isCertificate && headers !== '') return 'broken-lines';
  if (isCertificate && !isLoaded(readElement(der)?.der ?? der)) return 'does-not-decode';
  return label === 'X509 CRL' && !readCrl(der) ? 'does-not-decode' : undefined;
}

function isLoaded(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length > 0;
  } catch {
    return false;
  }
}
