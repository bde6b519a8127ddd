/** Answers the people of home's own machine: whoever may read its data may ask its agents for a look. */
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { SocketPath } from '../../base/socket-path.ts';
import { makeDirectory } from '../../state/make-directory.ts';
import type { Whom } from '../socket/agent-sockets.ts';
import { controlDirectory, controlPath } from './control-path.ts';

export interface Control {
  close(): Promise<void>;
}

/** What can be asked for. Gives how many agents were asked. */
export type AskForLook = (whom: Whom) => number;

const maxBodyBytes = 8 * 1024;
const limits = { headersTimeout: 2_000, requestTimeout: 5_000, maxHeaderSize: 4 * 1024 } as const;

/** Rejects with the system's error when it cannot be served, or another home serves it (`EADDRINUSE`). */
export async function serveControl(dataDir: string, askForLook: AskForLook): Promise<Control> {
  const directory = join(dataDir, controlDirectory);
  makeDirectory(directory);
  chmodSync(directory, 0o700);
  const where = controlPath(dataDir);
  try {
    const server = await listen(where, askForLook);
    return {
      close: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        where.release();
      },
    };
  } catch (error) {
    where.release();
    throw error;
  }
}

async function listen(where: SocketPath, askForLook: AskForLook): Promise<Server> {
  // What a home that was killed has left behind; one that lives answers, and then ours cannot be bound.
  if (!(await isAnswered(where.path))) rmSync(where.file, { force: true });
  const server = createServer(limits, (request, response) => {
    answer(request, askForLook)
      .then((reply) => send(response, reply))
      .catch(() => response.destroy());
  });
  server.maxConnections = 16;
  server.listen(where.path);
  await once(server, 'listening');
  chmodSync(where.file, 0o600);
  return server;
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function answer(request: IncomingMessage, askForLook: AskForLook): Promise<Reply> {
  if (request.method !== 'POST' || request.url !== '/probe-now') return { status: 404, body: {} };
  const whom = readWhom(await readAll(request));
  return whom
    ? { status: 200, body: { asked: askForLook(whom) } }
    : { status: 400, body: { title: 'Send {"all":true} or {"name":"…"}' } };
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > maxBodyBytes) throw new Error('too much is asked');
  }
  return text;
}

function readWhom(text: string): Whom | undefined {
  try {
    const { all, name } = JSON.parse(text) ?? {};
    if (all === true) return { all: true };
    return typeof name === 'string' && name !== '' ? { name } : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}
