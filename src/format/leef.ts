/** IBM's Log Event Extended Format 2.0 with tabs between the attributes. It has no escapes: what would need one is shown as a visible one. */
import { sanitise } from '../base/sanitise.ts';
import type { Report } from '../report/report.ts';
import { upperHex } from './event/certificate-facts.ts';
import type { EventHead } from './event/event-head.ts';
import { type Facts, factsOf } from './event/facts.ts';
import { pairsOf } from './event/pairs.ts';
import { levels } from './event/severity.ts';

export function leef(report: Report): string {
  const facts = factsOf(report);
  return leefLine({ ...facts, version: report.agent.version }, attributesOf(facts));
}

/** Any event of ours. */
export function leefLine(
  { version, code }: EventHead,
  fields: Parameters<typeof pairsOf>[0],
): string {
  const header = ['Sidelight', 'Sidelight', version, code].map(headerText);
  // A tab is a control character, so the sanitiser has left none in a value.
  const attributes = pairsOf(fields).map(
    ([name, value]) => `${name}=${sanitise(value, maxLength)}`,
  );
  return `LEEF:2.0|${header.join('|')}|x09|${attributes.join('\t')}\n`;
}

const maxLength = 1024;

function headerText(text: string): string {
  return sanitise(text).replaceAll('|', '\\u007c');
}

function attributesOf(facts: Facts): Parameters<typeof pairsOf>[0] {
  const { report, server, client, alert, entry } = facts;
  const { agent, target, cause, attempt } = report;
  return {
    // Milliseconds since 1970 need no devTimeFormat.
    devTime: facts.timeMs,
    cat: 'sidelight.probe',
    sev: levels[entry.severity].outOfTen,
    identHostName: agent.host,
    dst: facts.address,
    dstPort: target.port,
    proto: 'TCP',
    url: facts.url.full,
    eventId: report.id,
    agentId: agent.id,
    delegate: agent.delegate?.name,
    account: agent.delegate?.account,
    message: facts.message,
    outcome: report.outcome,
    result: facts.result,
    layer: report.layer,
    dstHost: target.host,
    serverName: target.serverName,
    cause: cause?.code,
    confidence: cause?.confidence,
    side: cause?.side,
    remedy: cause?.remedy,
    alertNumber: alert?.code,
    alertName: alert?.description,
    alertDirection: alert?.direction,
    tlsVersion: report.tls?.version,
    cipher: report.tls?.cipherSuite,
    httpStatus: facts.httpStatus,
    errorCode: facts.errorCode,
    file: facts.faultyFile?.path,
    serverSubject: server?.subject,
    serverSha256: server?.sha256,
    serverNotAfter: server?.notAfter,
    clientSubject: client?.subject,
    clientSha256: client?.sha256,
    clientNotAfter: client?.notAfter,
    newClientSha256: upperHex(report.preflight?.clientCertificate?.sha256),
    preflight: report.preflight?.checks.map(({ code }) => code).join(' '),
    attempt: attempt.number,
    repeats: attempt.repeats,
    failingSince: attempt.failingSince,
    failedSince: attempt.failedSince,
  };
}
