/** An event of home by OCSF 1.8.0: a Detection Finding (2004) that is created, updated and closed. */
import type { IncidentEventCode } from '../../report/incident-event.ts';
import type { IncidentRecord } from '../../report/incident-record.ts';
import { timeMs } from '../event/certificate-facts.ts';
import { type Fields, fieldsLine } from '../event/fields.ts';
import { addressesIn } from '../event/ip-address.ts';
import { levels } from '../event/severity.ts';
import { type IncidentFacts, incidentFacts } from './incident-facts.ts';
import { incidentSidelightFields } from './sidelight-fields.ts';

type Named = readonly [id: number, name: string];

interface Stage {
  readonly activity: Named;
  readonly status: Named;
}

const created: Stage = { activity: [1, 'Create'], status: [1, 'New'] };
const updated: Stage = { activity: [2, 'Update'], status: [2, 'In Progress'] };
const closed: Stage = { activity: [3, 'Close'], status: [4, 'Resolved'] };

const stages: Readonly<Record<IncidentEventCode, Stage>> = {
  'incident-opened': created,
  'incident-updated': updated,
  'incident-closed': closed,
  'delegate-silent': created,
  'delegate-back': closed,
  'reports-missing': created,
};

export function incidentOcsf(record: IncidentRecord): string {
  const facts = incidentFacts(record);
  const { code, entry, version } = facts;
  const { activity, status } = stages[code];
  const { ocsf, ocsfName } = levels[entry.severity];
  const { incident, message } = record;
  return fieldsLine({
    category_uid: 2,
    category_name: 'Findings',
    class_uid: 2004,
    class_name: 'Detection Finding',
    activity_id: activity[0],
    activity_name: activity[1],
    type_uid: 200_400 + activity[0],
    type_name: `Detection Finding: ${activity[1]}`,
    severity_id: ocsf,
    severity: ocsfName,
    status_id: status[0],
    status: status[1],
    status_detail: incident?.title,
    is_alert: entry.kind === 'alert',
    time: facts.timeMs,
    start_time: timeMs(incident?.since),
    end_time: timeMs(incident?.closedAt),
    duration: facts.durationMs,
    count: incident?.affected || undefined,
    message,
    metadata: {
      version: '1.8.0',
      product: { name: 'Sidelight', vendor_name: 'Sidelight', version },
      log_name: 'sidelight.home',
      uid: record.id,
      event_code: code,
      correlation_uid: facts.uid,
    },
    finding_info: findingFields(facts),
    evidences: evidenceFields(facts),
    unmapped: { sidelight: incidentSidelightFields(facts) },
  });
}

function findingFields({ record, uid, code, entry, ...facts }: IncidentFacts): Fields {
  const { incident, message, url } = record;
  return {
    uid,
    title: incident?.title ?? entry.title,
    desc: message,
    types: [code],
    created_time: timeMs(incident?.openedAt) ?? facts.timeMs,
    first_seen_time: timeMs(incident?.since),
    data_sources: ['sidelight.home'],
    src_url: url,
    analytic: { type_id: 1, type: 'Rule', uid: code, name: entry.title },
  };
}

function evidenceFields({ record, host, port }: IncidentFacts): Fields[] | undefined {
  const { delegate } = record;
  const [ip] = host === undefined ? [] : addressesIn([host]);
  const gateway = host === undefined ? undefined : { hostname: host, ip, port };
  const source = delegate && {
    hostname: delegate.host,
    uid: delegate.source,
    name: delegate.name,
  };
  return gateway || source ? [{ src_endpoint: source, dst_endpoint: gateway }] : undefined;
}
