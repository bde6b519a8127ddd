/** The JSON Schema 2020-12 of `sidelight.status/1`, strict: what is not named here is not in a status. */
import { confidences } from '../diagnosis/cause.ts';
import {
  count,
  type JsonSchema,
  listOf,
  objectOf,
  oneOf,
  optional,
  ref,
  text,
  time,
  yesOrNo,
} from './json-schema.ts';
import type { DelegateIdentity, EventsDropped, Lost } from './report.ts';
import {
  type AgentStatus,
  type ReceiverStatus,
  type ReceiverTrouble,
  type StateStatus,
  type Status,
  type StatusCause,
  statusFindings,
  statusSchemaName,
  type TargetStatus,
} from './status.ts';

const code: JsonSchema = { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' };

const definitions: Readonly<Record<string, JsonSchema>> = {
  AgentStatus: objectOf<AgentStatus>({
    running: optional(yesOrNo),
    id: optional(text),
    version: optional(text),
    startedAt: optional(time),
    pid: optional({ type: 'integer', minimum: 1 }),
    runId: optional(text),
    host: optional(text),
    delegate: optional(ref('DelegateIdentity')),
    memoryBytes: optional(count),
  }),
  DelegateIdentity: objectOf<DelegateIdentity>({ name: optional(text), account: optional(text) }),
  StateStatus: objectOf<StateStatus>({
    directory: optional(text),
    durable: yesOrNo,
    reason: optional(code),
    error: optional(text),
  }),
  TargetStatus: objectOf<TargetStatus>({
    label: text,
    outcome: optional(oneOf('accepted', 'rejected', 'unconfirmed', 'failed')),
    layer: optional(oneOf('local', 'dns', 'tcp', 'proxy', 'tls', 'http', 'websocket')),
    cause: optional({ anyOf: [ref('StatusCause'), { type: 'null' }] }),
    since: optional(time),
    lastLookAt: optional(time),
    nextLookAt: optional(time),
    attempts: optional(count),
    lastAcceptedAt: optional(time),
  }),
  StatusCause: objectOf<StatusCause>({
    code,
    title: text,
    side: oneOf('delegate', 'network', 'proxy', 'gateway'),
    confidence: oneOf(...confidences),
    remedy: text,
  }),
  ReceiverStatus: objectOf<ReceiverStatus>({
    name: text,
    waiting: count,
    waitingBytes: count,
    oldestTime: optional(time),
    lost: ref('Lost'),
    lastSuccessTime: optional(time),
    trouble: optional(ref('ReceiverTrouble')),
  }),
  ReceiverTrouble: objectOf<ReceiverTrouble>({
    code,
    status: optional(count),
    error: optional(text),
    since: time,
  }),
  Lost: objectOf<Lost>({
    age: count,
    size: count,
    rejected: count,
    storage: optional({ type: 'integer', minimum: 1 }),
  }),
  EventsDropped: objectOf<EventsDropped>({
    stdout: optional(count),
    file: optional(count),
    syslog: optional(count),
  }),
};

export const statusSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:sidelight:status:1',
  title: statusSchemaName,
  description: 'How one agent stands at one moment: its targets, its receivers, and itself.',
  ...objectOf<Status>({
    schema: { const: statusSchemaName },
    time,
    verdict: oneOf('good', 'troubled', 'unknown'),
    findings: listOf(oneOf(...statusFindings)),
    source: oneOf('agent', 'directory'),
    agent: ref('AgentStatus'),
    state: ref('StateStatus'),
    targets: { ...listOf(ref('TargetStatus')), maxItems: 1000 },
    targetsOmitted: optional({ type: 'integer', minimum: 1 }),
    receivers: listOf(ref('ReceiverStatus')),
    eventsDropped: optional(ref('EventsDropped')),
  }),
  $defs: definitions,
};
