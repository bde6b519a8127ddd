/**
 * What is known of the database, in a small file beside it: whoever finds the database damaged goes on under the same name
 * and numbers, and counts what is lost. Two copies, the older of which is written over, so that a power cut leaves one.
 */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Known, parseKnown } from './known.ts';
import { openOwnFile } from './small-file.ts';

export interface Account {
  /** As it was written last, by whomever; undefined where nothing is. */
  read(): Known | undefined;
  /** On disk when this returns, as far as the disk takes it. Only within a transaction: one writes at a time. */
  write(known: Known): void;
  close(): void;
}

const fileName = 'account';
/** The facts of a hundred receivers take less. */
const copyBytes = 16 * 1024;

/** Throws the system's error. */
export function openAccount(directory: string): Account {
  const descriptor = openOwnFile(join(directory, fileName));
  takeRoom(descriptor);
  /** What a failing disk did not take is known to this process all the same. */
  let own: Copy | undefined;
  return {
    read: () => newestOf(own, ...copiesIn(descriptor))?.known,
    write: (known) => {
      const { generation } = newestOf(own, ...copiesIn(descriptor)) ?? { generation: 0 };
      own = { generation: generation + 1, known };
      writeOver(descriptor, own);
    },
    close: () => closeSync(descriptor),
  };
}

/** Of a directory in which nothing can be written. */
export function readAccount(directory: string): Known | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const descriptor = openSync(join(directory, fileName), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      return newest(descriptor)?.known;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}

interface Copy {
  readonly generation: number;
  readonly known: Known;
}

function newest(descriptor: number): Copy | undefined {
  return newestOf(...copiesIn(descriptor));
}

function newestOf(...copies: readonly (Copy | undefined)[]): Copy | undefined {
  return copies
    .filter((copy) => copy !== undefined)
    .toSorted((one, other) => other.generation - one.generation)[0];
}

/** None where the disk gives nothing. */
function copiesIn(descriptor: number): readonly (Copy | undefined)[] {
  try {
    return [0, 1].map((place) => copyAt(descriptor, place));
  } catch {
    return [];
  }
}

/** Undefined where a write was cut off, or none ever was. */
function copyAt(descriptor: number, place: number): Copy | undefined {
  const octets = Buffer.alloc(copyBytes);
  const length = readSync(descriptor, octets, 0, copyBytes, place * copyBytes);
  const [first = '', text = '', last] = octets.toString('utf8', 0, length).split('\n', 3);
  if (first !== last || !/^\d{1,15}$/.test(first)) return undefined;
  const known = parseKnown(text);
  return known && { generation: Number(first), known };
}

function writeOver(descriptor: number, { generation, known }: Copy): void {
  const octets = Buffer.from(`${generation}\n${JSON.stringify(known)}\n${generation}\n`);
  if (octets.length > copyBytes) return;
  try {
    writeSync(descriptor, octets, 0, octets.length, (generation % 2) * copyBytes);
    fdatasyncSync(descriptor);
  } catch {
    // The database is there; this is for the day when it is not.
  }
}

/** While there is some on the disk. What stands in the file is another version's. */
function takeRoom(descriptor: number): void {
  try {
    if (fstatSync(descriptor).size >= 2 * copyBytes) return;
    writeSync(descriptor, Buffer.alloc(2 * copyBytes), 0, 2 * copyBytes, 0);
  } catch {
    // A disk that is full has perhaps some later.
  }
}
