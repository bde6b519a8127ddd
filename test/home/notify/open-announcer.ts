/** An announcer over a real database, and a real receiver that answers as it is told to. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { type NotifyFormat, namedReceivers } from '../../../src/config/notify-receiver.ts';
import { openEventStore } from '../../../src/home/event-store.ts';
import type { Incident, IncidentEvent } from '../../../src/home/incidents/incident.ts';
import { type AnnouncerOptions, openAnnouncer } from '../../../src/home/notify/announcer.ts';
import type { Trouble } from '../../../src/sink/delivery/trouble.ts';
import { transaction } from '../../../src/state/open-database.ts';

export interface Arrived {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse, arrived: Arrived, number: number) => void;

export async function openReceiver(
  answer: Answer = (response) => response.writeHead(204).end(),
): Promise<{ readonly url: string; readonly arrived: Arrived[] }> {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', headers } = request;
    const one = { method, headers, body };
    answer(response, one, arrived.push(one));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, arrived };
}

export interface Wanted {
  readonly url: string;
  readonly format?: NotifyFormat;
  readonly secretPath?: string;
}

export function announcerFor(
  dataDir: string,
  wanted: readonly Wanted[],
  options: Partial<AnnouncerOptions> = {},
) {
  const { db, close: closeDatabase } = openEventStore(dataDir);
  const receivers = namedReceivers(
    wanted.map(({ url, format = 'cloudevents', ...rest }) => ({
      format,
      url: new URL(url),
      ...rest,
    })),
  );
  const troubles: (readonly [string, Trouble])[] = [];
  const faults: unknown[] = [];
  const announcer = openAnnouncer({
    db,
    clock: systemClock,
    random: systemRandom,
    onFault: (error) => faults.push(error),
    onTrouble: (...told) => troubles.push(told),
    backoff: { baseMs: 20, capMs: 40, floorMs: 10 },
    notify: { receivers },
    ...options,
  });
  const listeners = new Set<(events: readonly IncidentEvent[]) => void>();
  let open: readonly Incident[] = [];
  /** As the keeper of incidents does. */
  const tell = (...events: readonly IncidentEvent[]): void => {
    transaction(db, () => announcer.keep(events));
    for (const listener of listeners) listener(events);
  };
  const follow = (): void =>
    announcer.follow({
      open: () => open,
      onEvents: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    });
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await announcer.close();
    closeDatabase();
  };
  onTestFinished(close);
  const setOpen = (incidents: readonly Incident[]): void => {
    open = incidents;
  };
  return { announcer, db, tell, follow, close, setOpen, troubles, faults };
}
