/** Asks the home that runs with a data directory for something, from another process of its owner. */
import { once } from 'node:events';
import { request } from 'node:http';
import { CannotRun, errorCode } from '../../base/cannot-run.ts';
import type { Whom } from '../socket/agent-sockets.ts';
import { controlPath } from './control-path.ts';

const patienceMs = 5_000;

/** How many agents were asked for a look. Throws CannotRun when no home runs there. */
export async function askForLook(dataDir: string, whom: Whom): Promise<number> {
  try {
    const where = controlPath(dataDir);
    try {
      return await post(where.path, whom);
    } finally {
      where.release();
    }
  } catch (error) {
    const problem = {
      where: '--data',
      what: `no home that runs with ${dataDir} answers (${errorCode(error)})`,
      expected: 'the directory of a running sidelight home, as the user that it runs as',
    };
    throw new CannotRun([problem], { cause: error });
  }
}

async function post(socketPath: string, whom: Whom): Promise<number> {
  const asking = request({ socketPath, path: '/probe-now', method: 'POST', agent: false });
  asking.setTimeout(patienceMs, () => asking.destroy());
  asking.end(JSON.stringify(whom));
  const [response] = await once(asking, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const asked: unknown = JSON.parse(text).asked;
  if (typeof asked !== 'number') throw new Error('home answered something else');
  return asked;
}
