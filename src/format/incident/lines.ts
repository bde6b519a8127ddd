/** An event of home in the formats of one line that are lists of names and values, and in words. */
import { sanitise } from '../../base/sanitise.ts';
import type { IncidentRecord } from '../../report/incident-record.ts';
import { cefLine, labelled } from '../cef.ts';
import { timeMs, upperHex } from '../event/certificate-facts.ts';
import { ipVersion } from '../event/ip-address.ts';
import type { pairsOf } from '../event/pairs.ts';
import { levels } from '../event/severity.ts';
import { leefLine } from '../leef.ts';
import { type IncidentFacts, incidentFacts } from './incident-facts.ts';

type Named = Parameters<typeof pairsOf>[0];

const maxLength = 4_096;

export function incidentText(record: IncidentRecord): string {
  const { code, entry } = incidentFacts(record);
  return `${sanitise(`${record.time} ${entry.severity} ${code} ${record.message}`, maxLength)}\n`;
}

export function incidentCef(record: IncidentRecord): string {
  const facts = incidentFacts(record);
  return cefLine(facts, extensionOf(facts));
}

export function incidentLeef(record: IncidentRecord): string {
  const facts = incidentFacts(record);
  return leefLine(facts, attributesOf(facts));
}

function extensionOf({ record, host = '', ...facts }: IncidentFacts): Named {
  const { incident, delegate, home } = record;
  return {
    rt: facts.timeMs,
    start: timeMs(incident?.since),
    end: timeMs(incident?.closedAt),
    externalId: record.id,
    cat: 'sidelight.home',
    act: incident?.state,
    outcome: facts.result,
    reason: incident?.title,
    msg: record.message,
    cnt: incident?.affected,
    dvchost: home.host,
    deviceExternalId: home.id,
    shost: delegate?.host,
    dhost: host !== '' && ipVersion(host) === undefined ? host : undefined,
    dst: ipVersion(host) === 4 ? host : undefined,
    ...labelled('c6a3', 'Destination IPv6 Address', ipVersion(host) === 6 ? host : undefined),
    dpt: facts.port,
    request: record.url,
    ...labelled('cs1', 'causeCode', incident?.cause),
    ...labelled('cs2', 'target', incident?.target),
    ...labelled('cs3', 'sideThatMustAct', incident?.side),
    ...labelled('cs4', 'tlsAlert', incident?.alert && alertText(incident.alert)),
    ...labelled('cs5', 'serverCertificateSha256', upperHex(incident?.serverSha256)),
    ...labelled('cs6', 'incident', facts.uid),
    ...labelled('cn1', 'tlsAlertNumber', incident?.alert?.code),
    ...labelled('cn2', 'delegatesKnown', incident?.known),
    ...labelled('cn3', 'delegatesAtMost', incident?.peak),
    ...labelled('flexString1', 'account', incident?.account ?? delegate?.account),
    ...labelled('flexDate1', 'lastGood', timeMs(incident?.lastGoodAt)),
  };
}

function alertText({ direction, description }: { direction: string; description: string }): string {
  return `${direction} ${description}`;
}

function attributesOf({ record, entry, ...facts }: IncidentFacts): Named {
  const { incident, delegate, home, silence, missing } = record;
  return {
    devTime: facts.timeMs,
    cat: 'sidelight.home',
    sev: levels[entry.severity].outOfTen,
    identHostName: home.host,
    dst: ipVersion(facts.host ?? '') === undefined ? undefined : facts.host,
    dstHost: facts.host,
    dstPort: facts.port,
    eventId: record.id,
    homeId: home.id,
    incident: facts.uid,
    message: record.message,
    url: record.url,
    result: facts.result,
    state: incident?.state,
    kind: incident?.kind,
    target: incident?.target,
    cause: incident?.cause,
    confidence: incident?.confidence,
    side: incident?.side,
    affected: incident?.affected,
    peak: incident?.peak,
    known: incident?.known,
    alertNumber: incident?.alert?.code,
    alertName: incident?.alert?.description,
    alertDirection: incident?.alert?.direction,
    serverSha256: upperHex(incident?.serverSha256),
    since: incident?.since,
    lastGood: incident?.lastGoodAt,
    closed: incident?.closedAt,
    closedBecause: incident?.closedBecause,
    delegate: delegate?.name,
    delegateSource: delegate?.source,
    account: incident?.account ?? delegate?.account,
    lastSeen: silence?.lastSeenAt,
    missing: missing?.count,
  };
}
