/** One file of ours, opened once: its octets, or why not, and what the opened descriptor says about it. */
import { closeSync, fstatSync, type Stats, statSync } from 'node:fs';
import { errorCode } from '../base/cannot-run.ts';
import { isoTime } from '../base/clock.ts';
import { openSmallFile, readSmallDescriptor, smallFileBytes } from '../base/read-small-file.ts';
import type { FileSeen } from '../evidence/evidence.ts';

export interface FileRead {
  readonly seen: FileSeen;
  /** Absent when `seen.error` says why. */
  readonly octets?: Buffer;
}

/** Never throws and never waits: a FIFO without a writer is EAGAIN or empty. */
export function readFile(path: string, maxBytes: number = smallFileBytes): FileRead {
  let descriptor: number;
  try {
    descriptor = openSmallFile(path);
  } catch (error) {
    return { seen: { path, error: errorCode(error), ...ownershipByPath(path) } };
  }
  let seen: FileSeen = { path };
  try {
    const stats = fstatSync(descriptor);
    seen = { path, ...ownership(stats) };
    return { seen, octets: readSmallDescriptor(descriptor, { maxBytes }) };
  } catch (error) {
    return { seen: { ...seen, error: errorCode(error) } };
  } finally {
    closeSync(descriptor);
  }
}

/** What cannot be opened can often still be looked at, and whose it is, is the next question. */
function ownershipByPath(path: string): Partial<FileSeen> {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? ownership(stats) : {};
  } catch {
    return {};
  }
}

function ownership({ mode, uid, gid, mtimeMs }: Stats): Partial<FileSeen> {
  const bits = (mode & 0o7777).toString(8).padStart(4, '0');
  return { mode: bits, uid, gid, modifiedAt: isoTime(Math.trunc(mtimeMs)) };
}
