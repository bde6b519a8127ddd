/** The page of home: which view an address is, who may see it, and what its forms do. */
import type { IncomingMessage } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import { type Connections, networkOf } from '../connections.ts';
import type { KeptIncidents } from '../incidents/keep-incidents.ts';
import type { Intake } from '../intake.ts';
import type { Reply } from '../receive.ts';
import type { AgentSockets } from '../socket/agent-sockets.ts';
import { retryAfterSeconds } from '../spread-retry.ts';
import { type Access, isFromHere, type Visitor } from './access.ts';
import { address, isWithinPage, paths } from './address.ts';
import { type Frame, pageReply, redirect, type View } from './document.ts';
import { LiveSockets } from './live-sockets.ts';
import { LoginPace } from './login-pace.ts';
import { loginView, messageView } from './login-view.ts';
import { readForm } from './read-form.ts';
import type { Sources } from './sources.ts';
import { openStoredReports } from './stored-reports.ts';
import { surveyor } from './survey.ts';
import { viewOf } from './views.ts';

export interface PageOptions {
  readonly access: Access;
  readonly incidents: KeptIncidents;
  readonly db: DatabaseSync;
  readonly onStored: Intake['onStored'];
  readonly connections: Connections;
  readonly sockets: () => Pick<AgentSockets, 'agents' | 'probeNow'>;
  readonly clock: Clock;
}

export interface Page {
  /** Undefined for a request that is not the page's. */
  answer(request: IncomingMessage): Promise<Reply> | undefined;
  /** Whether it was the page's. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): boolean;
  /** Open pages that listen. */
  readonly listeners: () => number;
  close(): void;
}

interface Room extends PageOptions {
  readonly sources: () => Sources;
  readonly pace: LoginPace;
}

export function openPage(options: PageOptions): Page {
  const { access, incidents, db, onStored, connections, clock } = options;
  const reports = openStoredReports(db);
  const survey = surveyor(incidents.fleet, clock);
  const isConnected = (source: string): boolean =>
    [...options.sockets().agents()].some((agent) => agent.source === source);
  const sources = (): Sources => ({ incidents, reports, survey, isConnected, nowMs: clock.now() });
  const live = new LiveSockets({ access, connections, clock, onTell: survey.expire });
  const changed = (): void => live.changed();
  const endings = [onStored(changed), incidents.onEvents(changed)];
  const room: Room = { ...options, sources, pace: new LoginPace(clock) };
  return {
    answer: (request) => (isOfPage(request) ? answer(request, room) : undefined),
    upgrade: (request, stream, head) => {
      if (pathOf(request) !== paths.live) return false;
      live.upgrade(request, stream, head);
      return true;
    },
    listeners: () => live.size,
    close: () => {
      for (const end of endings) end();
      live.close();
    },
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

function isOfPage(request: IncomingMessage): boolean {
  const path = pathOf(request);
  if (path === '/ui' || path.startsWith(paths.fleet)) return true;
  return path === '/' && isRead(request) && (request.headers.accept ?? '').includes('text/html');
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

async function answer(request: IncomingMessage, room: Room): Promise<Reply> {
  const path = pathOf(request);
  if (path === '/' || path === '/ui') return redirect(paths.fleet);
  const seen = room.access.see(request);
  switch (seen) {
    case 'elsewhere':
      return pageReply(messageView('Not from here', notFromHere, 403), frame(room));
    case 'unavailable':
      return pageReply(messageView('Not now', notNow, 503), frame(room));
    case 'login':
      return answerStranger(request, room);
    default:
      return answerVisitor(request, seen, room);
  }
}

const notFromHere =
  'This home has no operator tokens, so its page is for its own machine alone, under localhost or an address of loopback. Start it with --operator-token-file to see the page from elsewhere.';
const notNow = 'The operator tokens cannot be read now.';

function frame({ incidents, clock }: Room, visitor?: Visitor): Frame {
  const openIncidents = visitor ? incidents.open().length : 0;
  return { openIncidents, nowMs: clock.now(), ...(visitor && { visitor }) };
}

async function answerStranger(request: IncomingMessage, room: Room): Promise<Reply> {
  const url = request.url ?? '';
  if (pathOf(request) !== paths.login) {
    return redirect(address(paths.login, { to: isRead(request) ? url : undefined }));
  }
  if (isRead(request)) {
    return pageReply(loginView(queryOf(request).get('to') ?? paths.fleet), frame(room));
  }
  return request.method === 'POST' ? logIn(request, room) : notAllowed(room);
}

async function logIn(request: IncomingMessage, room: Room): Promise<Reply> {
  const { access, pace } = room;
  const network = networkOf(request.socket.remoteAddress ?? '');
  const waitMs = pace.take(network);
  if (waitMs > 0) {
    const headers = { 'retry-after': retryAfterSeconds(waitMs) };
    const view = messageView('Too many logins', 'Wait for a minute, and try again.', 429);
    return pageReply(view, frame(room), headers);
  }
  const form = isFromHere(request) ? await readForm(request) : undefined;
  const to = form?.get('to') ?? '';
  // A token holds no spaces; what is copied often does.
  const cookie = form && access.logIn((form.get('token') ?? '').trim());
  if (cookie === undefined) {
    return pageReply(loginView(to, 'This is no operator token of this home.'), frame(room));
  }
  pace.giveBack(network);
  return redirect(isWithinPage(to) ? to : paths.fleet, { 'set-cookie': cookie });
}

async function answerVisitor(
  request: IncomingMessage,
  visitor: Visitor,
  room: Room,
): Promise<Reply> {
  const release = room.connections.welcome(request.socket);
  try {
    if (pathOf(request) === paths.login) return redirect(paths.fleet);
    if (isRead(request)) return show(request, visitor, room);
    return request.method === 'POST'
      ? await act(request, visitor, room)
      : notAllowed(room, visitor);
  } finally {
    release();
  }
}

function show(request: IncomingMessage, visitor: Visitor, room: Room): Reply {
  const { formToken } = visitor;
  const view: View =
    viewOf(pathOf(request), queryOf(request), { ...room.sources(), formToken }) ??
    messageView('There is nothing here', 'It may have been long ago, and be forgotten.', 404);
  return pageReply(view, frame(room, visitor));
}

async function act(request: IncomingMessage, visitor: Visitor, room: Room): Promise<Reply> {
  const form = await readForm(request);
  if (!form || !room.access.isOwnForm(request, visitor, form.get('form') ?? '')) {
    const view = messageView('Not done', 'This did not come from a page of this home.', 403);
    return pageReply(view, frame(room, visitor));
  }
  switch (pathOf(request)) {
    case paths.logout:
      return redirect(paths.login, { 'set-cookie': room.access.logOut(request) });
    case paths.probeNow: {
      const source = form.get('of') ?? '';
      room.sockets().probeNow({ name: source });
      return redirect(address(paths.delegate, { of: source, asked: 1 }));
    }
    default:
      return pageReply(messageView('There is nothing here', '', 404), frame(room, visitor));
  }
}

function notAllowed(room: Room, visitor?: Visitor): Reply {
  return pageReply(messageView('Not that way', 'Pages are read.', 405), frame(room, visitor), {
    allow: 'GET, HEAD, POST',
  });
}

function queryOf({ url = '' }: IncomingMessage): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : url.slice(at));
}
