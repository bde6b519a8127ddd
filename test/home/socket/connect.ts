/** A home of its own and agents that speak to it by WebSocket, as the test says. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { listReports } from '../../../src/home/list-reports.ts';
import { AgentSockets } from '../../../src/home/socket/agent-sockets.ts';
import { type Home, type HomeOptions, startHome } from '../../../src/home/start-home.ts';
import { homeSubprotocol } from '../../../src/sink/home/socket/protocol.ts';
import { temporaryDirectory } from '../../state/temporary.ts';

export interface StartedHome extends Home {
  readonly dataDir: string;
  /** Ids, oldest first. */
  stored(): readonly string[];
}

export async function someHome(options: Partial<HomeOptions> = {}): Promise<StartedHome> {
  const dataDir = options.dataDir ?? join(temporaryDirectory(), 'data');
  const listen = { host: '127.0.0.1', port: 0 };
  const home = await startHome({ listen, clock: systemClock, ...options, dataDir });
  onTestFinished(() => home.close().catch(() => {}));
  return { ...home, dataDir, stored: () => [...listReports(dataDir)].map(({ id }) => id) };
}

/** The WebSocket door alone, with parts of a home. Gives its URL. */
export async function serveSockets(home: Pick<Home, 'intake' | 'connections'>): Promise<string> {
  const sender = { name: 'anonymous', identity: 'anonymous' };
  const sockets = new AgentSockets({
    ...{ intake: home.intake, connections: home.connections },
    ...{ admission: () => ({ sender }), clock: systemClock, random: systemRandom },
    onFault: (error) => {
      throw error;
    },
  });
  const server = createServer();
  server.on('upgrade', (request, stream, head) => sockets.upgrade(request, stream, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    sockets.close();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

export interface Agent {
  readonly socket: WebSocket;
  readonly heard: { readonly type: string; readonly [name: string]: unknown }[];
  say(message: unknown): void;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
}

export interface Connecting {
  readonly token?: string;
  readonly path?: string;
  readonly subprotocols?: string[];
  readonly options?: WebSocket.ClientOptions;
}

export function socketTo(
  { url }: { readonly url: string },
  connecting: Connecting = {},
): WebSocket {
  const { token, path = '/', subprotocols = [homeSubprotocol], options } = connecting;
  const address = new URL(path, url.replace(/^http/, 'ws'));
  const socket = new WebSocket(address, subprotocols, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...options,
  });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

export async function connectAgent(
  home: { readonly url: string },
  connecting: Connecting = {},
): Promise<Agent> {
  const socket = socketTo(home, connecting);
  const heard: Agent['heard'] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'open');
  return {
    ...{ socket, heard, closed },
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

/** The status that answers an upgrade which is refused. */
export async function refusedWith(
  home: { readonly url: string },
  connecting: Connecting = {},
): Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]> }> {
  const [, response] = await once(socketTo(home, connecting), 'unexpected-response');
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}

export function event(id: string, facts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id,
    source: 'urn:sidelight:agent:a',
    type: 'io.sidelight.report.v1',
    time: '2026-11-23T14:00:00.000Z',
    data: { schema: 'sidelight.report/1', id },
    ...facts,
  };
}
