/** From a stored report to a sighting. The report comes from a stranger: what has not the right shape is left out. */
import { createHash } from 'node:crypto';
import { parseTime } from '../../base/clock.ts';
import { sanitise } from '../../base/sanitise.ts';
import type { Change } from '../../diagnosis/baseline.ts';
import { catalogue } from '../../diagnosis/catalogue.ts';
import { confidences } from '../../diagnosis/cause.ts';
import { decisiveAlert } from '../../diagnosis/reading.ts';
import type { AlertSeen } from '../../evidence/evidence.ts';
import { targetLabel } from '../../sink/metrics/target-label.ts';
import type { AlertMark, CauseSeen, DelegateSeen, SenderSeen, Sighting } from './sighting.ts';

/** What home knows of a report beside the report itself. */
export interface StoredAs {
  readonly source: string;
  readonly sender?: SenderSeen;
  readonly arrival: number;
  /** Milliseconds since 1970, like `timeMs`. */
  readonly receivedMs: number;
  /** The CloudEvent's time; absent when it had none. */
  readonly timeMs?: number;
}

const maxLabel = 512;
const maxText = 128;
const maxChanges = 16;
const maxAuthorities = 1_000;
const longestMs = 366 * 24 * 3_600_000;

const outcomes = ['accepted', 'rejected', 'unconfirmed', 'failed'] as const;
const layers = ['local', 'dns', 'tcp', 'proxy', 'tls', 'http', 'websocket'] as const;
const sides = ['delegate', 'network', 'proxy', 'gateway'] as const;
const events = ['state-changed', 'heartbeat'] as const;

/** Undefined when it does not say who saw what at which target. `report` is what `JSON.parse` gave. */
export function readSighting(stored: StoredAs, report: unknown): Sighting | undefined {
  const { agent, target, outcome: said, layer: where, event: why, ...rest } = record(report);
  const outcome = oneOf(said, outcomes);
  const label = readTarget(record(target));
  if (outcome === undefined || label === undefined) return undefined;
  const { arrival, receivedMs, sender } = stored;
  const timeMs = stored.timeMs ?? time(rest['time']) ?? receivedMs;
  const layer = oneOf(where, layers);
  const event = oneOf(why, events);
  const sequence = count(rest['sequence']);
  return {
    arrival,
    receivedMs,
    timeMs,
    delegate: readDelegate(stored.source, record(agent)),
    ...(sender && { sender }),
    target: label,
    outcome,
    ...(outcome !== 'accepted' && { ...(layer && { layer }), ...readFailure(rest, timeMs) }),
    ...readGateway(record(rest['tls'])),
    changes: readChanges(rest['changes']),
    ...(event && { event }),
    ...(sequence !== undefined && sequence > 0 && { sequence }),
  };
}

function readTarget(target: Readonly<Record<string, unknown>>): string | undefined {
  const [url, host, serverName, address] = ['url', 'host', 'serverName', 'address'].map((name) =>
    text(target[name], maxLabel),
  );
  if (url === undefined) return undefined;
  const parts = {
    url,
    host: host ?? '',
    ...(serverName !== undefined && { serverName }),
    ...(address !== undefined && { address }),
  };
  return targetLabel(parts).slice(0, maxLabel);
}

function readDelegate(source: string, agent: Readonly<Record<string, unknown>>): DelegateSeen {
  const { name: says, account: of } = record(agent['delegate']);
  const [name, account, host] = [says, of, agent['host']].map((value) => text(value, maxText));
  return {
    source,
    ...(name !== undefined && { name }),
    ...(account !== undefined && { account }),
    ...(host !== undefined && { host }),
  };
}

type Failure = Pick<Sighting, 'cause' | 'alert' | 'failingForMs' | 'acceptedAgoMs'>;

function readFailure(report: Readonly<Record<string, unknown>>, timeMs: number): Failure {
  const cause = readCause(record(report['cause']));
  const alert = readAlert(report['alerts']);
  const failingForMs = ago(record(report['attempt'])['failingSince'], timeMs);
  const acceptedAgoMs = ago(report['lastAcceptedAt'], timeMs);
  return {
    ...(cause && { cause }),
    ...(alert && { alert }),
    ...(failingForMs !== undefined && { failingForMs }),
    ...(acceptedAgoMs !== undefined && { acceptedAgoMs }),
  };
}

/** Of causes that we know, title and side are ours: no sender puts words of its own into an incident. */
function readCause(cause: Readonly<Record<string, unknown>>): CauseSeen | undefined {
  const code = text(cause['code'], maxText);
  const known = catalogue.find((each) => each.code === code);
  const side = known?.side ?? oneOf(cause['side'], sides);
  const confidence = oneOf(cause['confidence'], confidences);
  if (code === undefined || !side || !confidence) return undefined;
  const title = known?.title ?? text(cause['title'], 2 * maxText) ?? code;
  return { code, title, side, confidence };
}

function readAlert(value: unknown): AlertMark | undefined {
  const alerts = list(value).filter(isAlert);
  const alert = decisiveAlert({ alerts });
  return alert && { direction: alert.direction, code: alert.code };
}

function isAlert(value: unknown): value is AlertSeen {
  const { direction, level, code } = record(value);
  const known = direction === 'sent' || direction === 'received';
  return known && typeof level === 'string' && Number.isInteger(code);
}

function readGateway(
  tls: Readonly<Record<string, unknown>>,
): Pick<Sighting, 'serverSha256' | 'authoritiesSha256'> {
  const serverSha256 = hex(record(list(tls['serverCertificates'])[0])['sha256']);
  const names = tls['certificateAuthorities'];
  return {
    ...(serverSha256 !== undefined && { serverSha256 }),
    ...(Array.isArray(names) && { authoritiesSha256: fingerprintOf(names) }),
  };
}

/** The same names in another order are the same list. */
function fingerprintOf(names: readonly unknown[]): string {
  const sorted = names.slice(0, maxAuthorities).filter(isText).sort();
  return createHash('sha256').update(sorted.join('\n')).digest('hex');
}

function readChanges(value: unknown): readonly Change[] {
  return list(value)
    .slice(0, maxChanges)
    .map(record)
    .flatMap(({ what, before, now }) => {
      const name = text(what, maxText);
      return name === undefined
        ? []
        : [{ what: name, before: shortened(before), now: shortened(now) }];
    });
}

/** Values of changes are short lists and texts; of longer ones the beginning tells enough. */
function shortened(value: unknown): unknown {
  if (typeof value === 'string') return sanitise(value);
  if (Array.isArray(value))
    return value
      .filter(isText)
      .slice(0, 16)
      .map((each) => sanitise(each));
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** How long before `timeMs`, by the same clock; what lies ahead is no time ago. */
function ago(value: unknown, timeMs: number): number | undefined {
  const thenMs = time(value);
  return thenMs === undefined ? undefined : Math.min(Math.max(timeMs - thenMs, 0), longestMs);
}

function time(value: unknown): number | undefined {
  return typeof value === 'string' ? parseTime(value) : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function hex(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined;
}

function text(value: unknown, maxLength: number): string | undefined {
  return typeof value === 'string' && value !== '' ? sanitise(value, maxLength) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function oneOf<Value extends string>(value: unknown, values: readonly Value[]): Value | undefined {
  return values.find((each) => each === value);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
