/** What one stored report says of itself, as far as columns, filters and incidents care; from a stranger, so read leniently and made printable. */
import { sanitise } from '../base/sanitise.ts';
import { targetLabel } from '../sink/metrics/target-label.ts';

/** Absent: the report does not say it, or not in a form that can be used. Every string is printable and at most 256 units long. */
export interface ReportFacts {
  readonly delegateName?: string;
  readonly account?: string;
  readonly host?: string;
  /** URL, server name and address as in the agent's metrics. */
  readonly target?: string;
  readonly outcome?: string;
  readonly layer?: string;
  /** Code of the cause. */
  readonly cause?: string;
  /** Why the agent wrote it: `state-changed`, `heartbeat`. */
  readonly event?: string;
  /** Counts the reports of one agent, from 1. */
  readonly sequence?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Pure. `attributes` are the event's, whose `sequence` stands in where the report has none. */
export function readReportFacts(report: Fields, attributes: Fields = {}): ReportFacts {
  const agent = fieldsOf(report['agent']);
  const delegate = fieldsOf(agent['delegate']);
  const sequence = count(report['sequence']) ?? digits(attributes['sequence']);
  return present({
    delegateName: text(delegate['name']),
    account: text(delegate['account']),
    host: text(agent['host']),
    target: label(fieldsOf(report['target'])),
    outcome: text(report['outcome']),
    layer: text(report['layer']),
    cause: text(fieldsOf(report['cause'])['code']),
    event: text(report['event']),
    sequence,
  });
}

function label(target: Fields): string | undefined {
  const [url, host = '', serverName, address] = ['url', 'host', 'serverName', 'address'].map(
    (name) => text(target[name]),
  );
  if (url === undefined) return undefined;
  return sanitise(targetLabel({ url, host, ...present({ serverName, address }) }));
}

/** Everything that is no object has no fields. */
function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? sanitise(value) : undefined;
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : undefined;
}

/** An attribute of CloudEvents that is larger than 32 bits travels as digits. */
function digits(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,16}$/.test(value)
    ? count(Number(value))
    : count(value);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}
