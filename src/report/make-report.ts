/** Puts evidence, diagnosis and circumstances together into a report, and takes the evidence out of one again. */
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { withoutUrlSecrets } from './redact.ts';
import {
  type AgentIdentity,
  type Attempt,
  type Delivery,
  type EventsDropped,
  type PreflightFindings,
  type Report,
  reportSchemaName,
} from './report.ts';

export interface ReportParts {
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  /** UUIDv7. */
  readonly id: string;
  /** Where it is known before the report is spooled. */
  readonly sequence?: number;
  readonly runId: string;
  readonly agent: AgentIdentity;
  readonly attempt: Attempt;
  readonly event?: NonNullable<Report['event']>;
  readonly preflight?: PreflightFindings;
  readonly delivery?: Delivery;
  readonly eventsDropped?: EventsDropped;
}

/** The order of the keys is the order in which a person reads them. */
export function makeReport({ evidence, diagnosis, ...circumstances }: ReportParts): Report {
  const { id, sequence, runId, agent, attempt, event, preflight, delivery, eventsDropped } =
    circumstances;
  const { time, target, ...seen } = withoutUrlSecrets(evidence);
  const { outcome, layer, ...concluded } = diagnosis;
  return {
    schema: reportSchemaName,
    id,
    time,
    ...(sequence !== undefined && { sequence }),
    runId,
    ...(event && { event }),
    ...(preflight && { preflight }),
    agent,
    target,
    outcome,
    ...(layer && { layer }),
    ...seen,
    ...concluded,
    attempt,
    ...(delivery && { delivery }),
    ...(eventsDropped && { eventsDropped }),
  };
}

/** What was seen, without what was concluded: what a stored report is diagnosed from again. */
export function evidenceOf(report: Report): Evidence {
  const {
    time,
    target,
    steps,
    alerts,
    tls,
    credential,
    clientCertificate,
    delegate,
    proxy,
    http,
    websocket,
    experiments,
    stalledMs,
    drops,
  } = report;
  return {
    time,
    target,
    steps,
    alerts,
    ...(tls && { tls }),
    credential,
    ...(clientCertificate && { clientCertificate }),
    ...(delegate && { delegate }),
    ...(proxy && { proxy }),
    ...(http && { http }),
    ...(websocket && { websocket }),
    ...(experiments && { experiments }),
    ...(stalledMs !== undefined && { stalledMs }),
    ...(drops && { drops }),
  };
}
