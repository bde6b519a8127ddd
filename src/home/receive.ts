/** What home answers to one HTTP request. No answer repeats a word of the request. */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { batchContentType, eventContentType } from '../sink/home/cloud-event.ts';
import type { Admission } from './admission.ts';
import type { EventStore } from './event-store.ts';
import { readBody } from './read-body.ts';
import type { ReceivedEvent, Rejection } from './read-event.ts';
import { isRejection, readEvent } from './read-event.ts';

export interface Reply {
  readonly status: number;
  /** Becomes the JSON body: facts for 2xx, a problem (RFC 9457) for anything else. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Receiver {
  readonly store: EventStore;
  readonly admission: Admission;
  readonly clock: Clock;
}

export const maxBodyBytes = 4 * 1024 * 1024;
const maxEvents = 10_000;

export async function receive(request: IncomingMessage, receiver: Receiver): Promise<Reply> {
  const path = (request.url ?? '').split('?', 1)[0];
  if (request.method === 'GET' && path === '/healthz')
    return { status: 200, body: { status: 'ok' } };
  if (request.method !== 'POST' || (path !== '/' && path !== '/events')) {
    return problem(404, 'There is nothing here');
  }
  const admitted = receiver.admission(request);
  if (admitted === 'unavailable') {
    return {
      ...problem(503, 'Senders cannot be told apart now'),
      headers: { 'retry-after': '30' },
    };
  }
  if (admitted === 'unknown') {
    return {
      ...problem(401, 'A valid credential is needed'),
      headers: { 'www-authenticate': 'Bearer' },
    };
  }
  const contentType = mediaType(request);
  if (contentType === undefined) {
    return problem(415, `Send ${batchContentType} or ${eventContentType}`);
  }
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) return problem(413, `A body may have ${maxBodyBytes} octets`);
  return take(body, contentType, admitted.sender, receiver);
}

function take(body: Buffer, contentType: string, sender: string, receiver: Receiver): Reply {
  const { store, clock } = receiver;
  const value = parseJson(body);
  if (value === undefined) return problem(400, 'The body is not JSON in UTF-8');
  if (contentType === eventContentType) {
    const event = readEvent(value);
    const stored = store.store([event], sender, clock.now());
    return isRejection(event) ? refused(event) : { status: 200, body: { ...stored } };
  }
  if (!Array.isArray(value)) return problem(400, 'A batch is a JSON array');
  if (value.length > maxEvents) return problem(413, `A batch may have ${maxEvents} events`);
  const events = value.map(readEvent);
  return {
    status: 200,
    body: { ...store.store(events, sender, clock.now()), rejections: rejections(events) },
  };
}

/** The first hundred are enough to find the mistake. */
function rejections(events: readonly (ReceivedEvent | Rejection)[]): readonly unknown[] {
  return events
    .flatMap((event, index) => (isRejection(event) ? [{ index, reason: event.reason }] : []))
    .slice(0, 100);
}

function refused({ reason }: Rejection): Reply {
  const { status, body } = problem(400, 'This event cannot be taken');
  return { status, body: { ...body, reason } };
}

function mediaType(request: IncomingMessage): string | undefined {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  return type === batchContentType || type === eventContentType ? type : undefined;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function problem(status: number, title: string): Reply {
  return { status, body: { status, title } };
}
