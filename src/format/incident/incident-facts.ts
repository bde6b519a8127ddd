/** What every format for machines says of an event of home, drawn from its record once. */
import type { EventEntry } from '../../report/event.ts';
import { type IncidentEventCode, incidentEvents } from '../../report/incident-event.ts';
import type { IncidentRecord } from '../../report/incident-record.ts';
import { timeMs } from '../event/certificate-facts.ts';

export interface IncidentFacts {
  readonly record: IncidentRecord;
  readonly code: IncidentEventCode;
  readonly entry: EventEntry;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The same in every event of one incident, and of one silence. */
  readonly uid: string;
  /** Over or back is success, all else failure. */
  readonly result: 'success' | 'failure';
  /** The host of the target; absent for silence, which is about all of them. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** Of an incident that is over. */
  readonly durationMs: number | undefined;
}

export function incidentFacts(record: IncidentRecord): IncidentFacts {
  const { event: code, incident, delegate, home } = record;
  const url = URL.parse(/^\S+/.exec(incident?.target ?? '')?.[0] ?? '');
  const [since, closed] = [timeMs(incident?.since), timeMs(incident?.closedAt)];
  const isOver = code === 'incident-closed' || code === 'delegate-back';
  return {
    record,
    code,
    entry: incidentEvents[code],
    version: home.version,
    timeMs: timeMs(record.time) ?? 0,
    uid: incident?.id ?? delegate?.source ?? record.id,
    result: isOver ? 'success' : 'failure',
    host: url?.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url ? Number(url.port || 443) : undefined,
    durationMs: since === undefined || closed === undefined ? undefined : closed - since,
  };
}
