/** The JSON Schema 2020-12 of `sidelight.report/1`, strict: what is not named here is not in a report. */
import type { Change } from '../diagnosis/baseline.ts';
import { confidences } from '../diagnosis/cause.ts';
import type { DelegateView } from '../diagnosis/delegate-view.ts';
import type { Alternative, CauseFound, Diagnosis } from '../diagnosis/diagnose.ts';
import { expiryThresholds } from '../diagnosis/expiry-thresholds.ts';
import type { Warning } from '../diagnosis/warning.ts';
import { evidenceDefinitions, evidenceProperties } from './evidence-schema.ts';
import {
  count,
  type JsonSchema,
  listOf,
  objectOf,
  oneOf,
  optional,
  type PropertiesOf,
  ref,
  text,
  time,
} from './json-schema.ts';
import {
  type AgentIdentity,
  type Attempt,
  type DelegateIdentity,
  type Delivery,
  type EventsDropped,
  type Lost,
  type PreflightFinding,
  type PreflightFindings,
  type ReceiverDelivery,
  type Replayed,
  type Report,
  reportSchemaName,
} from './report.ts';

const causeCode: JsonSchema = { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' };
const confidence = oneOf(...confidences);

const diagnosisProperties: PropertiesOf<Diagnosis> = {
  outcome: oneOf('accepted', 'rejected', 'unconfirmed', 'failed'),
  layer: optional(oneOf('local', 'dns', 'tcp', 'proxy', 'tls', 'http', 'websocket')),
  cause: { anyOf: [ref('CauseFound'), { type: 'null' }] },
  alternatives: listOf(ref('Alternative')),
  warnings: listOf(ref('Warning')),
  delegateView: optional(ref('DelegateView')),
  changes: optional(listOf(ref('Change'))),
  lastAcceptedAt: optional(time),
};

const definitions: Readonly<Record<string, JsonSchema>> = {
  ...evidenceDefinitions,
  CauseFound: objectOf<CauseFound>({
    code: causeCode,
    title: text,
    side: oneOf('delegate', 'network', 'proxy', 'gateway'),
    confidence,
    evidence: listOf(text),
    remedy: text,
  }),
  Alternative: objectOf<Alternative>({ code: causeCode, confidence }),
  Warning: objectOf<Warning>({
    code: causeCode,
    title: text,
    evidence: text,
    threshold: optional(oneOf(...expiryThresholds.map(({ name }) => name))),
    certificateSha256: optional(text),
  }),
  DelegateView: objectOf<DelegateView>({
    outcome: oneOf('accepted', 'rejected', 'unconfirmed', 'failed'),
    because: text,
  }),
  // Before and now are the values of the fact that changed, whatever their type.
  Change: objectOf<Change>({ what: text, before: {}, now: {} }),
  AgentIdentity: objectOf<AgentIdentity>({
    name: { const: 'sidelight' },
    version: text,
    id: optional(text),
    host: text,
    delegate: optional(ref('DelegateIdentity')),
  }),
  DelegateIdentity: objectOf<DelegateIdentity>({ name: optional(text), account: optional(text) }),
  Attempt: objectOf<Attempt>({
    number: { type: 'integer', minimum: 1 },
    failingSince: optional(time),
    failedSince: optional(time),
    newWarnings: optional({ ...listOf(causeCode), minItems: 1 }),
    repeats: count,
  }),
  Replayed: objectOf<Replayed>({
    outcome: oneOf('accepted', 'rejected', 'unconfirmed', 'failed'),
    cause: { anyOf: [ref('Alternative'), { type: 'null' }] },
    version: text,
  }),
  PreflightFindings: objectOf<PreflightFindings>({
    clientCertificate: optional(ref('ClientCertificateSeen')),
    checks: { ...listOf(ref('PreflightFinding')), minItems: 1 },
  }),
  PreflightFinding: objectOf<PreflightFinding>({
    code: causeCode,
    outcome: oneOf('failed', 'warning'),
    title: text,
    evidence: listOf(text),
    remedy: text,
  }),
  Delivery: objectOf<Delivery>({
    waiting: count,
    lost: ref('Lost'),
    newlyLost: optional({ type: 'integer', minimum: 1 }),
    homes: optional(listOf(ref('ReceiverDelivery'))),
  }),
  ReceiverDelivery: objectOf<ReceiverDelivery>({
    name: text,
    waiting: count,
    waitingBytes: count,
    oldestTime: optional(time),
    lost: ref('Lost'),
    lastSuccessTime: optional(time),
  }),
  EventsDropped: objectOf<EventsDropped>({
    stdout: optional(count),
    file: optional(count),
    syslog: optional(count),
  }),
  Lost: objectOf<Lost>({
    age: count,
    size: count,
    rejected: count,
    storage: optional({ type: 'integer', minimum: 1 }),
  }),
};

export const reportSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:sidelight:report:1',
  title: reportSchemaName,
  description: 'One look at one target: what was seen, and what was concluded from it.',
  ...objectOf<Report>({
    ...evidenceProperties,
    ...diagnosisProperties,
    schema: { const: reportSchemaName },
    id: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
    sequence: optional({ type: 'integer', minimum: 1 }),
    runId: text,
    agent: ref('AgentIdentity'),
    attempt: ref('Attempt'),
    event: optional(oneOf('state-changed', 'heartbeat', 'credential-changed')),
    preflight: optional(ref('PreflightFindings')),
    delivery: optional(ref('Delivery')),
    eventsDropped: optional(ref('EventsDropped')),
    replayed: optional(ref('Replayed')),
  }),
  $defs: definitions,
};
