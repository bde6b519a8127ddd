/** An event of home by the Elastic Common Schema 9.4.0. */
import { isoTime } from '../../base/clock.ts';
import type { IncidentEventCode } from '../../report/incident-event.ts';
import type { IncidentRecord } from '../../report/incident-record.ts';
import { timeMs, timeText } from '../event/certificate-facts.ts';
import { type Fields, fieldsLine } from '../event/fields.ts';
import { addressesIn } from '../event/ip-address.ts';
import { levels } from '../event/severity.ts';
import { type IncidentFacts, incidentFacts } from './incident-facts.ts';
import { incidentSidelightFields } from './sidelight-fields.ts';

export function incidentEcs(record: IncidentRecord): string {
  const facts = incidentFacts(record);
  const { code, entry, version } = facts;
  const { home, message } = record;
  return fieldsLine({
    '@timestamp': isoTime(facts.timeMs),
    ecs: { version: '9.4.0' },
    message,
    log: { level: levels[entry.severity].logLevel, logger: 'sidelight.home' },
    event: eventFields(facts),
    ...(entry.kind === 'alert' && { rule: { id: code, name: entry.title, ruleset: 'sidelight' } }),
    observer: { vendor: 'Sidelight', product: 'Sidelight', type: 'home', version },
    host: { name: home.host, hostname: home.host },
    service: { name: 'sidelight-home', type: 'sidelight', version },
    destination: destinationFields(facts),
    related: relatedFields(facts),
    sidelight: incidentSidelightFields(facts),
  });
}

function eventFields({ code, entry, record, ...facts }: IncidentFacts): Fields {
  const { incident } = record;
  return {
    kind: entry.kind,
    ...classes[code],
    outcome: facts.result,
    action: code,
    code,
    reason: incident?.title,
    severity: levels[entry.severity].outOfTen,
    module: 'sidelight',
    provider: 'sidelight',
    dataset: 'sidelight.home',
    id: record.id,
    start: timeText(timeMs(incident?.since)),
    end: timeText(timeMs(incident?.closedAt)),
    duration: facts.durationMs === undefined ? undefined : facts.durationMs * 1_000_000,
    url: record.url,
  };
}

const classes: Readonly<Record<IncidentEventCode, Fields>> = {
  'incident-opened': { category: ['network'], type: ['start'] },
  'incident-updated': { category: ['network'], type: ['info'] },
  'incident-closed': { category: ['network'], type: ['end'] },
  'delegate-silent': { category: ['host'], type: ['end'] },
  'delegate-back': { category: ['host'], type: ['start'] },
  'reports-missing': { category: ['host'], type: ['info'] },
};

function destinationFields({ host, port }: IncidentFacts): Fields | undefined {
  if (host === undefined) return undefined;
  const [ip] = addressesIn([host]);
  return { address: host, domain: ip === undefined ? host : undefined, ip, port };
}

/** Searched by: the delegates that it names, and the gateway. */
function relatedFields({ record, host }: IncidentFacts): Fields {
  const { incident, delegate } = record;
  const named = [...(incident?.sample ?? []), ...(delegate ? [delegate] : [])];
  const hosts = [host, ...named.map((each) => each.host)].filter((each) => each !== undefined);
  const hash = incident?.serverSha256?.toUpperCase();
  return {
    hosts: hosts.length > 0 ? [...new Set(hosts)] : undefined,
    hash: hash === undefined ? undefined : [hash],
  };
}
