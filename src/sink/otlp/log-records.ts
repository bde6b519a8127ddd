/** Reports as the log records that the serialiser takes. */
import { otlpLogRecord } from '../../format/otlp/log-record.ts';
import type { ReadReport } from './read-batch.ts';
import { hrTime, type Resource, type Scope } from './resource.ts';
import type { LogRecords } from './serialise.ts';

/** `resourceOf` gives one and the same object for one and the same agent, by which the records are grouped. */
export function logRecords(
  reports: readonly ReadReport[],
  resourceOf: (report: ReadReport['report']) => Resource,
  scope: Scope,
  nowMs: number,
): LogRecords {
  return reports.map(({ report, sequence }) => {
    const record = otlpLogRecord(report);
    return {
      hrTime: hrTime(record.timeMs),
      hrTimeObserved: hrTime(nowMs),
      severityNumber: record.severityNumber,
      severityText: record.severityText,
      body: record.body,
      eventName: record.eventName,
      resource: resourceOf(report),
      instrumentationScope: scope,
      // One agent's reports count on, so a gap is a loss.
      attributes: { ...record.attributes, 'sidelight.sequence': sequence },
      droppedAttributesCount: 0,
    };
  });
}
