/** A report as a CloudEvent 1.0 in JSON: the envelope that home and any CloudEvents receiver reads. */

export const reportEventType = 'io.sidelight.report.v1';
export const reportDataSchema = 'urn:sidelight:report:1';
export const batchContentType = 'application/cloudevents-batch+json';
export const eventContentType = 'application/cloudevents+json';

/** What becomes the envelope; `body` is the report as JSON and becomes `data` octet for octet. */
export interface ReportDocument {
  readonly id: string;
  readonly time: string;
  readonly body: string;
  /** The report's number; absent when it has none. */
  readonly sequence?: number;
}

/** `source` of every event of one agent; `source` and `id` together are unique for all time. */
export function eventSource(agentId: string): string {
  return `urn:sidelight:agent:${agentId}`;
}

/** One event as JSON text. */
export function cloudEvent(agentId: string, { id, time, body, sequence }: ReportDocument): string {
  const attributes = JSON.stringify({
    specversion: '1.0',
    id,
    source: eventSource(agentId),
    type: reportEventType,
    time,
    datacontenttype: 'application/json',
    dataschema: reportDataSchema,
    // The extension "sequence": a string. A receiver may order by it and see gaps without a look at the data.
    ...(sequence !== undefined && { sequence: `${sequence}` }),
  });
  return `${attributes.slice(0, -1)},"data":${body}}`;
}

/** A batch as JSON text (CloudEvents JSON format, section 4). */
export function cloudEventBatch(agentId: string, reports: readonly ReportDocument[]): string {
  return `[${reports.map((report) => cloudEvent(agentId, report)).join(',')}]`;
}
