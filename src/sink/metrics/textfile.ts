/** The metrics as a file for node_exporter, which reads it at any moment: written beside it, then renamed. */
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';

export interface TextfileOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly text: () => Promise<string>;
  /** Once per change of code; `none` when it is over. */
  readonly onTrouble: (code: string) => void;
}

export interface Textfile {
  /** Something is new: it is in the file soon. Never waits. */
  touch(): void;
  /** Writes what is new. The file stays: that it grows old is how the end is seen. */
  close(): Promise<void>;
}

/** Many targets are many looks; node_exporter comes every few seconds. */
const gatherMs = 1_000;

export function openTextfile({ file, clock, text, onTrouble }: TextfileOptions): Textfile {
  let cancel: (() => void) | undefined;
  let writing = Promise.resolve();
  let trouble = 'none';
  const say = (code: string): void => {
    if (code !== trouble) onTrouble(code);
    trouble = code;
  };
  const write = (): void => {
    cancel = undefined;
    // One after another: the file is never older than what was written last.
    writing = writing
      .then(async () => replace(file, await text()))
      .then(
        () => say('none'),
        (error) => say(errorCode(error)),
      );
  };
  return {
    touch: () => {
      cancel ??= clock.after(gatherMs, write);
    },
    close: async () => {
      if (cancel) {
        cancel();
        write();
      }
      await writing;
    },
  };
}

/** Readable by all, for node_exporter is another user. A name with a dot in front is not read by it. */
async function replace(file: string, text: string): Promise<void> {
  const beside = join(dirname(file), `.${basename(file)}.new`);
  await rm(beside, { force: true });
  try {
    // `wx` follows no link that somebody laid.
    const handle = await open(beside, 'wx', 0o644);
    try {
      await handle.chmod(0o644);
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
