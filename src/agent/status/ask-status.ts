/** Asks the agent that runs with a state directory how it stands, from another process. */
import { connect } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { socketPath } from '../../base/socket-path.ts';
import { clean } from '../../report/clean.ts';
import { findShapeFault } from '../../report/conforms.ts';
import type { Status } from '../../report/status.ts';
import { statusSchema } from '../../report/status-schema.ts';
import { maxAnswerBytes, patienceMs, type SocketPlace, socketIn, socketOutside } from './socket.ts';

/** Undefined when nobody answers with a status. Whoever answers is not believed to be an agent: the words are cleaned. */
export async function askStatus(directory: string, clock: Clock): Promise<Status | undefined> {
  const ask = (place: (directory: string) => SocketPlace) => askAt(place, directory, clock);
  return (await ask(socketIn)) ?? (await ask(socketOutside));
}

async function askAt(
  place: (directory: string) => SocketPlace,
  stateDirectory: string,
  clock: Clock,
): Promise<Status | undefined> {
  try {
    const { directory, name } = place(stateDirectory);
    const where = socketPath(directory, name);
    try {
      return parse(await readAll(where.path, clock));
    } finally {
      where.release();
    }
  } catch {
    return undefined;
  }
}

async function readAll(path: string, clock: Clock): Promise<string> {
  const socket = connect(path);
  const cancel = clock.after(patienceMs, () => socket.destroy(new Error('no answer in time')));
  try {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of socket) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxAnswerBytes) throw new Error('more than a status takes');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  } finally {
    cancel();
    socket.destroy();
  }
}

function parse(text: string): Status | undefined {
  const answer: unknown = clean(JSON.parse(text));
  return findShapeFault(answer, statusSchema) ? undefined : (answer as Status);
}
