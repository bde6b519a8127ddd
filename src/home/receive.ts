/** What home answers to one HTTP request of a sender. No answer repeats a word of the request but the ids of its events. */
import type { IncomingMessage } from 'node:http';
import type { Random } from '../base/random.ts';
import { batchContentType, eventContentType } from '../sink/home/cloud-event.ts';
import type { Admission } from './admission.ts';
import { type BodyReader, maxBodyOctets } from './body-reader.ts';
import type { Connections } from './connections.ts';
import type { Busy, Intake, RejectedEvent, Taken } from './intake.ts';
import { type RejectionReason, SetAside } from './read-event.ts';
import type { Sender } from './sender.ts';
import { parseEvent, splitBatch } from './split-batch.ts';
import { retryAfterSeconds, spreadRetry } from './spread-retry.ts';

export interface Reply {
  readonly status: number;
  /** Becomes the JSON body: facts for 2xx, a problem (RFC 9457) for anything else. */
  readonly body: Readonly<Record<string, unknown>>;
  /** In place of the JSON: what `headers` say that it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Receiver {
  readonly intake: Intake;
  readonly admission: Admission;
  readonly bodies: BodyReader;
  readonly connections: Connections;
  readonly random: Random;
}

const maxEvents = 10_000;
/** A connection for each report would cost more than the report. */
const crowdedPauseMs = 10_000;

export async function receive(request: IncomingMessage, receiver: Receiver): Promise<Reply> {
  const path = (request.url ?? '').split('?', 1)[0];
  if (request.method === 'GET' && path === '/healthz')
    return { status: 200, body: { status: 'ok' } };
  if (request.method !== 'POST' || (path !== '/' && path !== '/events')) {
    return problem(404, 'There is nothing here');
  }
  const admitted = receiver.admission(request);
  if (typeof admitted === 'string') return notAdmitted(admitted);
  const contentType = mediaType(request);
  if (contentType === undefined) {
    return problem(415, `Send ${batchContentType} or ${eventContentType}`);
  }
  const release = receiver.connections.welcome(request.socket);
  try {
    const reply = await receiveFrom(admitted.sender, contentType, request, receiver);
    return reply.status === 200 ? askPatience(reply, receiver) : reply;
  } finally {
    release();
  }
}

/** While there are too many to keep their connections, what a sender has to say next had better come together. */
function askPatience(reply: Reply, { connections, random }: Receiver): Reply {
  if (!connections.isCrowded) return reply;
  const pauseMs = spreadRetry(crowdedPauseMs, random);
  return { ...reply, headers: { 'retry-after': retryAfterSeconds(pauseMs) } };
}

async function receiveFrom(
  sender: Sender,
  contentType: string,
  request: IncomingMessage,
  receiver: Receiver,
): Promise<Reply> {
  const octets = Number(request.headers['content-length'] ?? 0);
  const early = receiver.intake.admit(sender, octets);
  if (early) return comeAgain(early);
  const body = await receiver.bodies.read(request, sender);
  if (body === 'too-large') return setAside('body-too-large', undefined, sender, receiver.intake);
  if (body === 'crowded') return comeAgain({ kind: 'busy', because: 'rate', retryAfterMs: 5_000 });
  // Of a chunked body the length is known only now.
  const late = octets === 0 ? receiver.intake.admit(sender, body.length) : undefined;
  return late ? comeAgain(late) : take(body, contentType, sender, receiver.intake);
}

export function notAdmitted(why: 'unknown' | 'unavailable'): Reply {
  if (why === 'unknown') {
    const headers = { 'www-authenticate': 'Bearer' };
    return { ...problem(401, 'A valid credential is needed'), headers };
  }
  const headers = { 'retry-after': '30' };
  return { ...problem(503, 'Senders cannot be told apart now'), headers };
}

async function take(
  body: Buffer,
  contentType: string,
  sender: Sender,
  intake: Intake,
): Promise<Reply> {
  if (contentType === eventContentType) {
    const taken = await intake.take([parseEvent(body)], sender);
    const [rejected] = taken.kind === 'taken' ? taken.rejected : [];
    return rejected ? refused(rejected) : answerTo(taken);
  }
  const batch = splitBatch(body, maxEvents);
  return typeof batch === 'string'
    ? setAside(batch, body, sender, intake)
    : answerTo(await intake.take(batch.events, sender));
}

const refusals = {
  'not-json': [400, 'The body is not JSON in UTF-8'],
  'not-an-array': [400, 'A batch is a JSON array'],
  'too-many': [413, `A batch may have ${maxEvents} events`],
  'body-too-large': [413, `A body may have ${maxBodyOctets} octets`],
} as const satisfies Partial<Record<RejectionReason, readonly [status: number, title: string]>>;

/** A whole body that has no events to be told apart: none of them is stored, and whoever sent it may send them in parts. */
async function setAside(
  reason: keyof typeof refusals,
  body: Buffer | undefined,
  sender: Sender,
  intake: Intake,
): Promise<Reply> {
  const taken = await intake.take([new SetAside(reason, body)], sender);
  const [status, title] = refusals[reason];
  return taken.kind === 'busy' ? comeAgain(taken) : problem(status, title);
}

function answerTo(taken: Taken): Reply {
  if (taken.kind === 'busy') return comeAgain(taken);
  const { stored, duplicates, rejected } = taken;
  const counts = {
    stored: stored.length,
    duplicates: duplicates.length,
    rejected: rejected.length,
  };
  return { status: 200, body: { ...counts, rejections: rejections(rejected) } };
}

const busyAnswers = {
  rate: [429, 'Too much of this sender'],
  queue: [429, 'Too much is waiting to be stored'],
  storage: [503, 'It cannot be stored now'],
  delegates: [429, 'This sender may speak for no more delegates than report already'],
} as const;

function comeAgain({ because, retryAfterMs }: Busy): Reply {
  const [status, title] = busyAnswers[because];
  return { ...problem(status, title), headers: { 'retry-after': retryAfterSeconds(retryAfterMs) } };
}

/** The first hundred are enough to find the mistake. */
function rejections(rejected: readonly RejectedEvent[]): readonly unknown[] {
  return rejected.slice(0, 100).map(({ index, reason }) => ({ index, reason }));
}

function refused({ reason }: RejectedEvent): Reply {
  const { status, body } = problem(400, 'This event cannot be taken');
  return { status, body: { ...body, reason } };
}

function mediaType(request: IncomingMessage): string | undefined {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  return type === batchContentType || type === eventContentType ? type : undefined;
}

function problem(status: number, title: string): Reply {
  return { status, body: { status, title } };
}
