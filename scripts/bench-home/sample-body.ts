/** A batch of reports as an agent posts it, made from a form: written anew for each report, it would cost more than home does. */
import { sampleReport } from './sample-report.ts';

export type Outcome = 'accepted' | 'rejected';

/** `{id}` and `{number}` are filled in. */
export interface Form {
  /** A CloudEvent, JSON, in order of its parts. */
  readonly event: readonly string[];
}

/** Stands for the delegate's number in the form, and nowhere else in a report. */
const standIn = 7_654_321;
const idStandIn = '00000000-0000-7000-8000-000000000000';

export function formOf(outcome: Outcome): Form {
  const event = {
    specversion: '1.0',
    id: idStandIn,
    source: `urn:sidelight:agent:${standIn}`,
    type: 'io.sidelight.report.v1',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: sampleReport(standIn, idStandIn, outcome),
  };
  return { event: JSON.stringify(event).split(new RegExp(`(${standIn}|${idStandIn})`)) };
}

export function fill({ event }: Form, number: number, id: string): string {
  const values = new Map([
    [String(standIn), String(number)],
    [idStandIn, id],
  ]);
  return event.map((part) => values.get(part) ?? part).join('');
}
