/** The protocol `sidelight.home.v1`: what agent and home say to each other over a WebSocket. docs/delivery.md is its contract. */
import { isRecord, textOf } from './read-value.ts';

export const homeSubprotocol = 'sidelight.home.v1';

/** Of one message from an agent, and from home. Whoever sends more is closed with 1009. */
export const maxAgentMessageBytes = 2 * 1024 * 1024;
export const maxHomeMessageBytes = 64 * 1024;
/** So many ids fit in one message from home, however long they are. */
export const maxIdsPerMessage = 50;

export const closeCodes = {
  /** Data that is not text. */
  unsupportedData: 1003,
  /** Not UTF-8, not JSON, or no object with a `type`. */
  invalidPayload: 1007,
  /** A message of a known type whose members are not what they must be; or a flood. */
  policyViolation: 1008,
  messageTooBig: 1009,
  serviceRestart: 1012,
  tryAgainLater: 1013,
  /** The credential that opened this connection is not valid any more. */
  unauthorized: 4401,
} as const;

export type AgentMessage =
  /** The first message: whose reports come, so that home knows whom it can ask. A claim, not a proof. */
  | { readonly type: 'hello'; readonly source: string; readonly delegate?: string }
  /** `events` are CloudEvents in JSON. One such message at a time: the next when all of it is answered. */
  | { readonly type: 'reports'; readonly batch: number; readonly events: readonly unknown[] };

export type HomeMessage =
  /** These are on disk. */
  | { readonly type: 'stored'; readonly ids: readonly string[] }
  /** These will never be taken; `indexes` are places in the batch of events without an id that can be repeated. */
  | {
      readonly type: 'refused';
      readonly ids: readonly string[];
      readonly indexes: readonly number[];
      readonly reason: string;
    }
  /** What was not answered of this batch shall come again, not before this time. */
  | { readonly type: 'busy'; readonly retryAfterMs: number }
  /** The one command. It has no parameter: every other member is ignored. */
  | { readonly type: 'probe-now' };

/** `unknown`: a type of a later version, to be ignored. Otherwise the close code that the message deserves. */
export type ReadMessage<T> =
  | T
  | 'unknown'
  | typeof closeCodes.invalidPayload
  | typeof closeCodes.policyViolation;

export function readHomeMessage(text: string): ReadMessage<HomeMessage> {
  return readMessage(text, (type, value) => {
    switch (type) {
      case 'stored':
        return readStored(value);
      case 'refused':
        return readRefused(value);
      case 'busy':
        return readBusy(value);
      case 'probe-now':
        return { type };
      default:
        return 'unknown';
    }
  });
}

export function readAgentMessage(text: string): ReadMessage<AgentMessage> {
  return readMessage(text, (type, value) => {
    switch (type) {
      case 'hello':
        return readHello(value);
      case 'reports':
        return readReports(value);
      default:
        return 'unknown';
    }
  });
}

type Members = Readonly<Record<string, unknown>>;

/** `read` gives undefined for members that are not what they must be. */
function readMessage<T>(
  text: string,
  read: (type: string, members: Members) => T | 'unknown' | undefined,
): ReadMessage<T> {
  const value = parse(text);
  if (!isRecord(value) || typeof value['type'] !== 'string') return closeCodes.invalidPayload;
  return read(value['type'], value) ?? closeCodes.policyViolation;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readStored({ ids }: Members): HomeMessage | undefined {
  return isListOf(ids, isText) ? { type: 'stored', ids } : undefined;
}

function readRefused({ ids, indexes = [], reason }: Members): HomeMessage | undefined {
  if (!isListOf(ids, isText) || !isListOf(indexes, isCount) || !isText(reason)) return undefined;
  return { type: 'refused', ids, indexes, reason: isCode(reason) ? reason : 'unspecified' };
}

function readBusy({ retryAfterMs }: Members): HomeMessage | undefined {
  return isCount(retryAfterMs) ? { type: 'busy', retryAfterMs } : undefined;
}

function readHello({ source, delegate }: Members): AgentMessage | undefined {
  const [claimed, name] = [textOf(source), textOf(delegate)];
  if (claimed === undefined || (delegate !== undefined && name === undefined)) return undefined;
  return { type: 'hello', source: claimed, ...(name !== undefined && { delegate: name }) };
}

function readReports({ batch, events }: Members): AgentMessage | undefined {
  return isCount(batch) && Array.isArray(events) ? { type: 'reports', batch, events } : undefined;
}

/** A reason goes into our database and our log: only a code may. */
function isCode(reason: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(reason);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isListOf<T>(value: unknown, isOne: (each: unknown) => each is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}
