/** Home, wired together: its database, the doors, and what is told of each report that was stored. */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { type Random, systemRandom } from '../base/random.ts';
import { makeAdmission } from './admission.ts';
import { BodyReader } from './body-reader.ts';
import { type ConnectionLimits, Connections, usualLimits, usualTlsLimits } from './connections.ts';
import { type EventStore, openEventStore } from './event-store.ts';
import { type HomeServer, openServer, type ServerOptions } from './home-server.ts';
import type { SenderOf } from './incidents/incident-store.ts';
import { type KeptIncidents, keepIncidents } from './incidents/keep-incidents.ts';
import type { Notice } from './incidents/state.ts';
import { type Intake, openIntake } from './intake.ts';
import { type Announcer, type AnnouncerOptions, openAnnouncer } from './notify/announcer.ts';
import type { Page } from './page/page.ts';
import { pageFor } from './page/page-for.ts';
import { type Receiver, type Reply, receive } from './receive.ts';
import { type Keep, keepWithin } from './retention.ts';
import { Revocations } from './revocations.ts';
import { SenderTokens } from './sender-tokens.ts';
import { AgentSockets, type SocketLimits } from './socket/agent-sockets.ts';

export interface HomeOptions extends ServerOptions {
  readonly dataDir: string;
  /** Path of the token file, see `sender-tokens.ts`. */
  readonly tokens?: string;
  /** Path of the operators' token file, in the same form: who may see the page. */
  readonly operatorTokens?: string;
  /** Path of the client CA's revocation lists, PEM, see `revocations.ts`. */
  readonly revoked?: string;
  /** For how many delegates a sender may speak of whom the token file does not say it; 100 where none is given. */
  readonly delegatesPerSender?: number;
  /** Told, again and again, while a bound of senders or of the fleet is reached. */
  readonly onNotice?: (notice: Notice) => void;
  /** How much is kept; without it, everything. */
  readonly keep?: Keep;
  readonly limits?: ConnectionLimits;
  readonly socketLimits?: Partial<SocketLimits>;
  readonly clock: Clock;
  /** The machine's own where none is given. */
  readonly random?: Random;
  /** Who is notified of incidents, and where a notification leads to. */
  readonly notify?: AnnouncerOptions['notify'];
  readonly publicUrl?: string;
  readonly onNotifyTrouble?: AnnouncerOptions['onTrouble'];
  /** What went wrong here and is no sender's fault: a full disk, a listener that threw. */
  readonly onFault?: (error: unknown) => void;
}

export interface Home {
  readonly url: string;
  readonly port: number;
  readonly intake: Intake;
  readonly store: EventStore;
  /** How the fleet stands, and what many say at once. */
  readonly incidents: KeptIncidents;
  /** Tells others of them. */
  readonly announcer: Announcer;
  readonly connections: Connections;
  /** Agents that hold a WebSocket, who can be asked for a look. */
  readonly sockets: AgentSockets;
  /** Absent where nobody may see it. */
  readonly page?: Page;
  /** Lets requests in flight end, for at most a second. */
  close(): Promise<void>;
}

/** Throws CannotRun with what stands in the way. */
export async function startHome(options: HomeOptions): Promise<Home> {
  const { dataDir, tokens: tokenPath, clientCa, keep, clock } = options;
  const { random = systemRandom, onFault = () => undefined } = options;
  const tokens = tokenPath === undefined ? undefined : new SenderTokens(tokenPath);
  const store = openEventStore(dataDir);
  const { onNotice } = options;
  const senderOf = senderKnower(options, tokens);
  const intake = openIntake({
    ...{ store, clock, random, onFault },
    placesOf: (identity) => senderOf(identity).places,
    onTooMany: ({ identity: sender }) => onNotice?.({ kind: 'sender-full', sender }),
  });
  const ownLimits = options.cert === undefined ? usualLimits : usualTlsLimits;
  const connections = new Connections(options.limits ?? ownLimits);
  const revocations = options.revoked === undefined ? undefined : new Revocations(options.revoked);
  const admission = makeAdmission({ tokens, revocations, hasClientCa: clientCa !== undefined });
  const bodies = new BodyReader();
  const receiver: Receiver = { intake, admission, bodies, connections, random };
  const { onStored } = intake;
  const announcer = openAnnouncer({ ...announcerOptions(options), db: store.db, random, onFault });
  const keepBeside = announcer.keep;
  const incidents = keepIncidents({
    ...{ db: store.db, clock, onStored, onFault, keepBeside, senderOf },
    ...(onNotice && { onNotice }),
  });
  try {
    const ground = { ...receiver, tokens, revocations, incidents, db: store.db, onStored, random };
    const page = pageFor(options, { ...ground, port: () => port, sockets: () => sockets });
    const { url, port, server, close } = await openHomeServer(options, receiver, page);
    const { socketLimits = {} } = options;
    const sockets = new AgentSockets({ ...receiver, clock, random, onFault, limits: socketLimits });
    server.on('upgrade', (request, stream, head) => {
      if (!page?.upgrade(request, stream, head)) sockets.upgrade(request, stream, head);
    });
    announcer.follow(incidents);
    const endKeeping = keep && keepWithin(keep, { db: store.db, clock, onFault });
    return {
      url,
      port,
      intake,
      store,
      incidents,
      announcer,
      connections,
      sockets,
      ...(page && { page }),
      close: async () => {
        page?.close();
        sockets.close();
        await close();
        await intake.close();
        incidents.close();
        await announcer.close();
        endKeeping?.();
        store.close();
      },
    };
  } catch (error) {
    incidents.close();
    await announcer.close();
    store.close();
    throw error;
  }
}

const usualDelegatesPerSender = 100;

/** For how many delegates a sender speaks. Where nobody needs a credential, one sender is everybody. */
function senderKnower(
  { clientCa, delegatesPerSender = usualDelegatesPerSender }: HomeOptions,
  tokens: SenderTokens | undefined,
): SenderOf {
  const usual = tokens || clientCa !== undefined ? delegatesPerSender : Number.POSITIVE_INFINITY;
  return (identity) => {
    const said = tokens?.delegatesOf(identity);
    return { identity, places: said ?? usual, isMany: said !== undefined && said > 1 };
  };
}

function announcerOptions({
  notify,
  publicUrl,
  onNotifyTrouble: onTrouble,
  clock,
}: HomeOptions): Pick<AnnouncerOptions, 'notify' | 'publicUrl' | 'onTrouble' | 'clock'> {
  return {
    clock,
    ...(notify && { notify }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(onTrouble && { onTrouble }),
  };
}

function openHomeServer(
  options: HomeOptions,
  receiver: Receiver,
  page: Page | undefined,
): Promise<HomeServer> {
  const { clock, onFault = () => undefined } = options;
  const { connections, random } = receiver;
  const answerTo = (request: IncomingMessage): Promise<Reply> =>
    (page?.answer(request) ?? receive(request, receiver)).catch((error: unknown): Reply => {
      // The sender went away, or something of ours failed: it is told to come again, and keeps what it has.
      if (!request.destroyed) onFault(error);
      const body = { status: 503, title: 'Not stored' };
      return { status: 503, body, headers: { 'retry-after': '10' } };
    });
  return openServer(options, answerTo, { connections, clock, random, onFault });
}
