/** RFC 5424: header and structured data around an event in one of the formats of one line. */
import { isoTime } from '../base/clock.ts';
import { sanitise } from '../base/sanitise.ts';
import type { Report } from '../report/report.ts';
import type { EventHead } from './event/event-head.ts';
import { type Facts, factsOf } from './event/facts.ts';
import { type Pair, pairsOf } from './event/pairs.ts';
import { levels } from './event/severity.ts';
import type { FormatOptions } from './formats.ts';
import { lineFormats } from './line-formats.ts';

/** local0 (section 6.2.1). */
const facility = 16;

export function syslog(report: Report, { syslogContent = 'json' }: FormatOptions): string {
  const facts = factsOf(report);
  const { version, host } = report.agent;
  const head = { ...facts, version, host, process: report.runId };
  return syslogLine(head, parametersOf(facts), lineFormats[syslogContent](report));
}

/** Any event of ours; `content` is it in another format, with its line end. */
export function syslogLine(
  head: EventHead & {
    readonly timeMs: number;
    readonly host: string;
    readonly process: string;
  },
  parameters: Parameters<typeof pairsOf>[0],
  content: string,
): string {
  const { code, entry, timeMs, host, process } = head;
  const header = [
    `<${facility * 8 + levels[entry.severity].syslog}>1`,
    isoTime(timeMs),
    headerText(host, 255),
    'sidelight',
    headerText(process, 128),
    code,
  ].join(' ');
  // Without a byte order mark: section 6.4 asks for one, and readers of JSON or CEF trip over it.
  return `${header} ${structuredData(head, parameters)} ${content}`;
}

/** PRINTUSASCII, or the NILVALUE. */
function headerText(text: string, maxLength: number): string {
  const printable = text.slice(0, maxLength).replace(/[^\x21-\x7e]/g, '?');
  return printable === '' ? '-' : printable;
}

/** 32473 is the number that RFC 5612 sets aside for those who have none of their own. */
function structuredData({ version }: EventHead, parameters: Parameters<typeof pairsOf>[0]): string {
  const origin = pairsOf({ software: 'sidelight', swVersion: version.slice(0, 32) });
  return element('origin', origin) + element('sidelight@32473', pairsOf(parameters));
}

function element(id: string, pairs: readonly Pair[]): string {
  const parameters = pairs.map(([name, value]) => ` ${name}="${escapeParameter(value)}"`);
  return `[${id}${parameters.join('')}]`;
}

/** Section 6.3.3. */
function escapeParameter(value: string): string {
  return sanitise(value).replace(/["\\\]]/g, '\\$&');
}

function parametersOf({ report, code, ...facts }: Facts): Parameters<typeof pairsOf>[0] {
  const { target, cause, agent, attempt } = report;
  return {
    id: report.id,
    sequence: report.sequence,
    event: code,
    outcome: report.outcome,
    layer: report.layer,
    cause: cause?.code,
    side: cause?.side,
    confidence: cause?.confidence,
    host: target.host,
    port: target.port,
    address: facts.address,
    alert: facts.alert?.code,
    alertDirection: facts.alert?.direction,
    httpStatus: facts.httpStatus,
    serverSha256: facts.server?.sha256,
    clientSha256: facts.client?.sha256,
    preflight: report.preflight?.checks.map(({ code }) => code).join(' '),
    agentId: agent.id,
    delegate: agent.delegate?.name,
    repeats: attempt.repeats,
  };
}
