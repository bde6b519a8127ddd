/** The octets of a file that somebody sent, or of standard input, up to a limit. */
import { createReadStream } from 'node:fs';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import { quoted } from '../config/parsed.ts';

/** `-` is standard input; `where` names the argument in problems. Rejects with CannotRun. */
export async function readSent(path: string, maxBytes: number, where: string): Promise<Uint8Array> {
  try {
    return await readAll(path === '-' ? process.stdin : createReadStream(path), maxBytes);
  } catch (error) {
    const what = `cannot read ${quoted(path)} (${errorCode(error)})`;
    const expected = `a file that can be read, of at most ${maxBytes / 1024 / 1024} MiB`;
    throw new CannotRun([{ where, what, expected }], { cause: error });
  }
}

/** Leaving the loop early closes the stream. */
async function readAll(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of stream) {
    total += piece.length;
    if (total > maxBytes) throw Object.assign(new Error('too large'), { code: 'TOO_LARGE' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
