/**
 * How many reports an agent holds in memory because the database takes none, written where a full disk does not matter:
 * over the octets of a small file that is made beforehand. Whoever comes after a SIGKILL counts them as lost.
 */
import { closeSync, fdatasyncSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openOwnFile } from './small-file.ts';

export interface Held {
  /** Reports that end with the process. */
  readonly reports: number;
  /** The highest number that one of them has. */
  readonly sequence: number;
}

export interface HeldMark {
  read(): Held;
  /** Best effort: a disk that fails altogether keeps no mark. */
  write(held: Held): void;
  close(): void;
}

const sizeBytes = 64;
const nothing: Held = { reports: 0, sequence: 0 };

/** Throws the system's error: without it a full disk and a SIGKILL would cost reports that nobody counts. */
export function openHeldMark(directory: string): HeldMark {
  const mark = markIn(openOwnFile(join(directory, 'held')));
  // Its room on the disk is taken while there is some.
  mark.write(mark.read());
  return mark;
}

function markIn(descriptor: number): HeldMark {
  return {
    read: () => {
      const octets = Buffer.alloc(sizeBytes);
      const length = readSync(descriptor, octets, 0, sizeBytes, 0);
      return parse(octets.toString('latin1', 0, length));
    },
    write: ({ reports, sequence }) => {
      try {
        writeSync(descriptor, `${reports} ${sequence}`.padEnd(sizeBytes - 1).concat('\n'), 0);
        fdatasyncSync(descriptor);
      } catch {
        // Nothing better can be done here.
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** Anything else in the file is nobody's mark. */
function parse(text: string): Held {
  const [, reports, sequence] = /^(\d{1,9}) (\d{1,15}) *\n$/.exec(text) ?? [];
  if (reports === undefined || sequence === undefined) return nothing;
  return { reports: Number(reports), sequence: Number(sequence) };
}
