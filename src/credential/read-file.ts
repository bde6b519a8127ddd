/** One file of ours, opened once: its octets, or why not, and what the opened descriptor says about it. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { errorCode } from '../base/cannot-run.ts';
import { isoTime } from '../base/clock.ts';
import type { FileSeen } from '../evidence/evidence.ts';

export interface FileRead {
  readonly seen: FileSeen;
  /** Absent when `seen.error` says why. */
  readonly octets?: Buffer;
}

const maxFileBytes = 1024 * 1024;

/** Never throws and never waits: a FIFO without a writer is EAGAIN or empty. */
export function readFile(path: string, maxBytes: number = maxFileBytes): FileRead {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return { seen: { path, error: errorCode(error), ...ownershipByPath(path) } };
  }
  let seen: FileSeen = { path };
  try {
    const stats = fstatSync(descriptor);
    seen = { path, ...ownership(stats) };
    const octets = readAtMost(descriptor, maxBytes);
    return octets ? { seen, octets } : { seen: { ...seen, error: 'TOO_LARGE' } };
  } catch (error) {
    return { seen: { ...seen, error: errorCode(error) } };
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined when there is more than `limit`. */
function readAtMost(descriptor: number, limit: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const chunk = Buffer.alloc(64 * 1024);
    const count = readSync(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks);
    sizeBytes += count;
    if (sizeBytes > limit) return undefined;
    chunks.push(chunk.subarray(0, count));
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
