/** The JSON Schema 2020-12 of `sidelight.incident/1`, strict: what is not named here is not in it. */
import type { Change } from '../diagnosis/baseline.ts';
import { confidences } from '../diagnosis/cause.ts';
import { incidentEventCodes } from './incident-event.ts';
import {
  type AccountTold,
  type AlertTold,
  type DelegateTold,
  type HomeIdentity,
  type IncidentRecord,
  type IncidentTold,
  incidentSchemaName,
  type MissingReports,
  type Silence,
  type VariantTold,
} from './incident-record.ts';
import {
  count,
  type JsonSchema,
  listOf,
  number,
  objectOf,
  oneOf,
  optional,
  ref,
  sha256,
  text,
  time,
} from './json-schema.ts';

const side = oneOf('delegate', 'network', 'proxy', 'gateway');
const confidence = oneOf(...confidences);

const definitions: Readonly<Record<string, JsonSchema>> = {
  HomeIdentity: objectOf<HomeIdentity>({
    name: { const: 'sidelight' },
    version: text,
    id: text,
    host: text,
  }),
  IncidentTold: objectOf<IncidentTold>({
    id: text,
    state: oneOf('open', 'closed'),
    kind: oneOf('gateway', 'way', 'delegates', 'silence'),
    account: optional(text),
    target: text,
    cause: text,
    title: text,
    side: optional(side),
    confidence: optional(confidence),
    alert: optional(ref('AlertTold')),
    serverSha256: optional(sha256),
    authoritiesSha256: optional(sha256),
    since: time,
    openedAt: time,
    lastGoodAt: optional(time),
    closedAt: optional(time),
    closedBecause: optional(oneOf('recovered', 'fell-silent', 'merged')),
    mergedInto: optional(text),
    affected: count,
    peak: count,
    known: count,
    share: number,
    reopenings: count,
    what: optional(oneOf('opened', 'reopened', 'grew', 'shrank', 'cause', 'still', 'closed')),
    changed: listOf(ref('Change')),
    variants: listOf(ref('VariantTold')),
    sample: listOf(ref('DelegateTold')),
    accounts: listOf(ref('AccountTold')),
    related: listOf(text),
    broughtBy: optional(listOf(text)),
  }),
  AlertTold: objectOf<AlertTold>({
    direction: oneOf('sent', 'received'),
    code: count,
    description: text,
  }),
  VariantTold: objectOf<VariantTold>({
    cause: text,
    title: text,
    side: optional(side),
    confidence: optional(confidence),
    alert: optional(ref('AlertTold')),
    serverSha256: optional(sha256),
    authoritiesSha256: optional(sha256),
    affected: count,
  }),
  // Before and now are the values of the fact that changed, whatever their type.
  Change: objectOf<Change>({ what: text, before: {}, now: {} }),
  DelegateTold: objectOf<DelegateTold>({
    source: text,
    name: optional(text),
    account: optional(text),
    host: optional(text),
  }),
  AccountTold: objectOf<AccountTold>({ account: text, affected: count }),
  Silence: objectOf<Silence>({
    lastSeenAt: optional(time),
    rhythmMs: optional(number),
    silentMs: optional(number),
  }),
  MissingReports: objectOf<MissingReports>({ first: count, last: count, count }),
};

export const incidentSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:sidelight:incident:1',
  title: incidentSchemaName,
  description: 'One event of home: an incident of many delegates, or a delegate that fell silent.',
  ...objectOf<IncidentRecord>({
    schema: { const: incidentSchemaName },
    id: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
    time,
    event: oneOf(...incidentEventCodes),
    message: text,
    home: ref('HomeIdentity'),
    url: optional(text),
    incident: optional(ref('IncidentTold')),
    delegate: optional(ref('DelegateTold')),
    silence: optional(ref('Silence')),
    missing: optional(ref('MissingReports')),
  }),
  $defs: definitions,
};
