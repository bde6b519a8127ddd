/** A report as a record of OpenTelemetry's logs data model: its own event code, severity, a line in words, and attributes. */
import { sanitise } from '../../base/sanitise.ts';
import type { Severity } from '../../report/event.ts';
import type { Report } from '../../report/report.ts';
import { factsOf } from '../event/facts.ts';
import { levels } from '../event/severity.ts';
import { type AttributeValue, flatAttributes } from './flat-attributes.ts';
import { reportFields } from './report-fields.ts';

export interface LogRecord {
  /** Of the report, in milliseconds since 1970. */
  readonly timeMs: number;
  /** A code of docs/events.md. */
  readonly eventName: string;
  readonly severityNumber: SeverityNumber;
  readonly severityText: string;
  /** One line in words. */
  readonly body: string;
  /** By OpenTelemetry's semantic conventions, and `sidelight.*` for what they have no name for. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** INFO, INFO2, WARN and ERROR (logs data model, section Severity). */
export type SeverityNumber = 9 | 10 | 13 | 17;

const severityNumbers: Readonly<Record<Severity, SeverityNumber>> = {
  informational: 9,
  low: 10,
  medium: 13,
  high: 17,
};

export function otlpLogRecord(report: Report): LogRecord {
  const facts = factsOf(report);
  const { severity } = facts.entry;
  return {
    timeMs: facts.timeMs,
    eventName: facts.code,
    severityNumber: severityNumbers[severity],
    severityText: levels[severity].logLevel,
    body: sanitise(facts.message, 4096),
    attributes: flatAttributes(reportFields(facts)),
  };
}
