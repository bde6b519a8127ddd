/** What both ends of the agent's socket agree on. */
import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../../base/cannot-run.ts';

export interface SocketPlace {
  readonly directory: string;
  readonly name: string;
}

/** In the state directory. */
export const socketIn = (directory: string): SocketPlace => ({ directory, name: 'agent.sock' });

/**
 * Where nothing can be written there: among the temporary files, in a directory that is private to this user, by what
 * the state directory is to the system. Throws where that directory is somebody else's, or not there.
 */
export function socketOutside(directory: string): SocketPlace {
  const { dev, ino } = statSync(directory);
  const uid = process.getuid?.() ?? 0;
  const own = ownDirectory(uid);
  const found = lstatSync(own);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw Object.assign(new Error("somebody else's"), { code: 'EPERM' });
  }
  return { directory: own, name: `${dev}-${ino}.sock` };
}

const ownDirectory = (uid: number): string => join(tmpdir(), `sidelight-${uid}`);

/** Of the agent: whoever asks leaves no trace. Throws what the system throws. */
export function makePlaceOutside(): void {
  try {
    mkdirSync(ownDirectory(process.getuid?.() ?? 0), { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/** How long a connection may last, from its beginning to its end. */
export const patienceMs = 2_000;

/** A thousand targets, each with the longest sentences, take less. */
export const maxAnswerBytes = 4 * 1024 * 1024;
