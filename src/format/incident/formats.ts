/** The events of home in every format that `run` writes events in, under the same names. */
import type { IncidentRecord } from '../../report/incident-record.ts';
import { jsonLine } from '../event/fields.ts';
import type { EventFormatName } from '../formats.ts';
import type { LineFormatName } from '../line-formats.ts';
import { syslogLine } from '../syslog.ts';
import { incidentEcs } from './ecs.ts';
import { type IncidentFacts, incidentFacts } from './incident-facts.ts';
import { incidentCef, incidentLeef, incidentText } from './lines.ts';
import { incidentOcsf } from './ocsf.ts';

const lines: Readonly<Record<LineFormatName, (record: IncidentRecord) => string>> = {
  json: jsonLine,
  text: incidentText,
  ecs: incidentEcs,
  ocsf: incidentOcsf,
  cef: incidentCef,
  leef: incidentLeef,
};

/** Pure. One line with its line end. `content` is what stands within a syslog message. */
export function formatIncident(
  record: IncidentRecord,
  format: EventFormatName,
  content: LineFormatName = 'json',
): string {
  return format === 'syslog' ? incidentSyslog(record, content) : lines[format](record);
}

function incidentSyslog(record: IncidentRecord, content: LineFormatName): string {
  const facts = incidentFacts(record);
  const { host, id: process } = record.home;
  const head = { ...facts, host, process };
  return syslogLine(head, parametersOf(facts), lines[content](record));
}

function parametersOf({
  record,
  code,
  uid,
  host,
  port,
}: IncidentFacts): Parameters<typeof syslogLine>[1] {
  const { incident, delegate, home } = record;
  return {
    id: record.id,
    event: code,
    incident: uid,
    cause: incident?.cause,
    side: incident?.side,
    confidence: incident?.confidence,
    host,
    port,
    alert: incident?.alert?.code,
    alertDirection: incident?.alert?.direction,
    serverSha256: incident?.serverSha256?.toUpperCase(),
    affected: incident?.affected,
    known: incident?.known,
    homeId: home.id,
    delegate: delegate?.name,
    account: incident?.account ?? delegate?.account,
  };
}
