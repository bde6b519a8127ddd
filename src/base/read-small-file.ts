/** The one reader of small files that others may have put in our way: bounded, and never waiting for a FIFO that nobody writes. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from './cannot-run.ts';

/** What no certificate, key, token or configuration is larger than. */
export const smallFileBytes = 1024 * 1024;

export interface SmallFileOptions {
  readonly maxBytes?: number;
  /** How long a pipe whose writer has not written yet is waited for, the whole process with it; 0 when absent. */
  readonly patienceMs?: number;
}

/** Throws the system's error, `TOO_LARGE`, or `EAGAIN` for a pipe whose writer takes its time. */
export function readSmallFile(path: string, options: SmallFileOptions = {}): Buffer {
  const descriptor = openSmallFile(path);
  try {
    return readSmallDescriptor(descriptor, options);
  } finally {
    closeSync(descriptor);
  }
}

/** A FIFO opens at once, whether or not there is a writer. */
export function openSmallFile(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
}

/** From where it stands to its end. */
export function readSmallDescriptor(
  descriptor: number,
  { maxBytes = smallFileBytes, patienceMs = 0 }: SmallFileOptions = {},
): Buffer {
  // What says that it is large is not read at all.
  if (fstatSync(descriptor).size > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let patience = patienceMs;
  for (;;) {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    const count = readOrWait(descriptor, chunk, patience > 0);
    if (count === undefined) {
      patience -= waitMs;
      continue;
    }
    if (count === 0) return Buffer.concat(chunks);
    sizeBytes += count;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk.subarray(0, count));
  }
}

const waitMs = 10;

/** Undefined after a while in which nothing came. */
function readOrWait(descriptor: number, chunk: Buffer, mayWait: boolean): number | undefined {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    if (!mayWait || errorCode(error) !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
    return undefined;
  }
}

function tooLarge(maxBytes: number): Error {
  return Object.assign(new Error(`larger than ${maxBytes} octets`), { code: 'TOO_LARGE' });
}
