/** A notice as a CloudEvent 1.0 in JSON, structured mode. */
import type { IncidentEventCode } from '../../../report/incident-event.ts';
import type { IncidentRecord } from '../../../report/incident-record.ts';

const types: Readonly<Record<IncidentEventCode, string>> = {
  'incident-opened': 'io.sidelight.incident.opened.v1',
  'incident-updated': 'io.sidelight.incident.updated.v1',
  'incident-closed': 'io.sidelight.incident.closed.v1',
  'delegate-silent': 'io.sidelight.delegate.silent.v1',
  'delegate-back': 'io.sidelight.delegate.back.v1',
  'reports-missing': 'io.sidelight.reports.missing.v1',
};

/** The same octets at every attempt. `sequence` orders the notices of one home. */
export function cloudEventBody(record: IncidentRecord, sequence: number): string {
  const { id, time, event, home, incident, delegate } = record;
  const subject = incident?.id ?? delegate?.source;
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: `urn:sidelight:home:${home.id}`,
    type: types[event],
    time,
    ...(subject !== undefined && subject !== '' && { subject }),
    datacontenttype: 'application/json',
    dataschema: 'urn:sidelight:incident:1',
    sequence: `${sequence}`,
    data: record,
  });
}
