/** A ustar archive (POSIX.1-1988) within gzip, written and read in memory: nothing in it ever becomes a path on disk. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { CannotRun, errorCode } from '../../base/cannot-run.ts';

export interface ArchiveEntry {
  /** ASCII, at most 100 characters. */
  readonly name: string;
  readonly content: Uint8Array;
}

const blockBytes = 512;
/** Of an archive in both of its forms. */
export const maxArchiveBytes = 64 * 1024 * 1024;

/** The same entries give the same octets. `epochMs` is the time of every entry. */
export function packArchive(entries: readonly ArchiveEntry[], epochMs: number): Uint8Array {
  const seconds = Math.trunc(epochMs / 1000);
  const blocks = entries.flatMap(({ name, content }) => [
    header(name, content.length, seconds),
    content,
    Buffer.alloc(padding(content.length)),
  ]);
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]), { level: 9 });
}

function padding(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

/** Where each field stands: offset and size in octets. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
  prefix: [345, 155],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
type Field = keyof typeof fields;

function header(name: string, sizeBytes: number, seconds: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  const put = (name: Field, text: string): void => {
    const [from, size] = fields[name];
    block.write(text, from, size, 'latin1');
  };
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put('name', name);
  put('mode', octal(0o600, 7));
  put('uid', octal(0, 7));
  put('gid', octal(0, 7));
  put('size', octal(sizeBytes, 11));
  put('time', octal(seconds, 11));
  put('type', '0');
  put('magic', 'ustar\u000000');
  put('checksum', `${octal(checksumOf(block), 6)}\u0000 `);
  return block;
}

/** The sum of all octets, those of the checksum itself taken as spaces. */
function checksumOf(block: Uint8Array): number {
  const [from, size] = fields.checksum;
  return block.reduce((sum, octet, at) => sum + (at >= from && at < from + size ? 0x20 : octet), 0);
}

export interface Unpacked {
  /** Without the gzip around them, where there was any. */
  readonly octets: Uint8Array;
  /** Regular files alone, by the last part of their names; of two alike the first. Absent when this is no archive. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

/** Throws CannotRun for what is damaged or larger than 64 MiB; `where` names it there. */
export function unpackArchive(packed: Uint8Array, where: string): Unpacked {
  const octets = isGzip(packed) ? gunzip(packed, where) : packed;
  if (field(octets, 'magic').slice(0, 5) !== 'ustar') return { octets };
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + blockBytes <= octets.length; ) {
    const block = octets.subarray(at, at + blockBytes);
    if (block.every((octet) => octet === 0)) return { octets, files };
    const sizeBytes = sizeOf(block, where);
    const from = at + blockBytes;
    if (from + sizeBytes > octets.length) throw damaged(where, 'ends in the middle of a file');
    const name = field(block, 'name').split('/').at(-1) ?? '';
    const isFile = ['0', ''].includes(field(block, 'type'));
    if (isFile && !files.has(name)) files.set(name, octets.subarray(from, from + sizeBytes));
    at = from + sizeBytes + padding(sizeBytes);
  }
  throw damaged(where, 'has no end');
}

function isGzip(octets: Uint8Array): boolean {
  return octets[0] === 0x1f && octets[1] === 0x8b;
}

function gunzip(packed: Uint8Array, where: string): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: maxArchiveBytes });
  } catch (error) {
    const isLarge = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    throw damaged(where, isLarge ? 'unpacks to more than 64 MiB' : 'does not unpack', error);
  }
}

/** Text up to the first NUL. */
function field(block: Uint8Array, name: Field): string {
  const [from, size] = fields[name];
  const text = Buffer.from(block.subarray(from, from + size)).toString('latin1');
  return text.split('\u0000')[0] ?? '';
}

function sizeOf(block: Uint8Array, where: string): number {
  const [checksum, size] = [octalOf(block, 'checksum'), octalOf(block, 'size')];
  if (checksum !== checksumOf(block) || size === undefined)
    throw damaged(where, 'has a damaged header');
  return size;
}

function octalOf(block: Uint8Array, name: Field): number | undefined {
  const text = field(block, name).trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function damaged(where: string, what: string, cause?: unknown): CannotRun {
  const expected = 'a whole bundle, as sidelight bundle wrote it';
  return new CannotRun([{ where, what, expected }], { cause });
}
