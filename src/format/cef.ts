/** ArcSight Common Event Format, version 0: a header of seven fields and an extension of keys and values. */
import { sanitise } from '../base/sanitise.ts';
import type { Report } from '../report/report.ts';
import { timeMs } from './event/certificate-facts.ts';
import type { EventHead } from './event/event-head.ts';
import { type Facts, factsOf } from './event/facts.ts';
import { ipVersion } from './event/ip-address.ts';
import { type Pair, pairsOf } from './event/pairs.ts';
import { levels } from './event/severity.ts';

export function cef(report: Report): string {
  const facts = factsOf(report);
  return cefLine({ ...facts, version: report.agent.version }, extensionOf(facts));
}

/** Any event of ours. */
export function cefLine(
  { version, code, entry }: EventHead,
  extensionFields: Parameters<typeof pairsOf>[0],
): string {
  const header = [
    'CEF:0',
    ...['Sidelight', 'Sidelight', version, code, entry.title].map(headerText),
    levels[entry.severity].outOfTen,
  ].join('|');
  const extension = pairsOf(extensionFields).map(
    ([name, value]: Pair) => `${name}=${escapeCef(sanitise(value, lengthOf(name)), '=')}`,
  );
  return `${header}|${extension.join(' ')}\n`;
}

function headerText(text: string): string {
  return escapeCef(sanitise(text), '|');
}

/** Backslash, `special`, and line breaks, which after the sanitiser can no longer be there. */
export function escapeCef(text: string, special: '|' | '='): string {
  return text.replace(/[\\|=\n\r]/g, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    return character === '\\' || character === special ? `\\${character}` : character;
  });
}

/** As the dictionary of CEF limits them. */
const shortKeys: ReadonlyMap<string, number> = new Map([
  ['dvchost', 100],
  ['deviceExternalId', 255],
  ['externalId', 40],
  ['outcome', 63],
  ['act', 63],
]);

function lengthOf(name: string): number {
  return shortKeys.get(name) ?? 1023;
}

function extensionOf(facts: Facts): Parameters<typeof pairsOf>[0] {
  const { report, address = '', client, server, alert, message } = facts;
  const { agent, target, cause, attempt } = report;
  return {
    rt: facts.timeMs,
    externalId: report.id,
    cat: 'sidelight.probe',
    act: report.outcome,
    outcome: facts.result,
    reason: cause?.title,
    msg: message,
    cnt: attempt.repeats + 1,
    dvchost: agent.host,
    deviceExternalId: agent.id,
    shost: agent.host,
    dhost: facts.hostName,
    dst: ipVersion(address) === 4 ? address : undefined,
    ...labelled('c6a3', 'Destination IPv6 Address', ipVersion(address) === 6 ? address : undefined),
    dpt: target.port,
    proto: 'TCP',
    app: 'TLS',
    deviceDirection: 1,
    request: facts.url.full,
    filePath: facts.faultyFile?.path,
    ...labelled('cs1', 'causeCode', cause?.code),
    ...labelled('cs2', 'layer', report.layer),
    ...labelled('cs3', 'sideThatMustAct', cause?.side),
    ...labelled('cs4', 'tlsAlert', alert && `${alert.direction} ${alert.description}`),
    ...labelled('cs5', 'serverCertificateSha256', server?.sha256),
    ...labelled('cs6', 'clientCertificateSha256', client?.sha256),
    ...labelled('cn1', 'tlsAlertNumber', alert?.code),
    ...labelled('cn2', 'httpStatus', facts.httpStatus),
    ...labelled('flexString1', 'remedy', cause?.remedy),
    ...labelled('flexString2', 'errorCode', facts.errorCode),
    ...labelled('deviceCustomDate1', 'serverCertificateNotAfter', server?.notAfterMs),
    ...labelled('deviceCustomDate2', 'clientCertificateNotAfter', client?.notAfterMs),
    ...labelled('flexDate1', 'failingSince', timeMs(attempt.failingSince)),
  };
}

/** A key for custom use, with what it means here. */
export function labelled(
  key: string,
  label: string,
  value: string | number | undefined,
): Parameters<typeof pairsOf>[0] {
  return value === undefined ? {} : { [key]: value, [`${key}Label`]: label };
}
