/** Events of the incident keeper for tests of what is told of them. */
import type { Incident, IncidentEvent } from '../../../src/home/incidents/incident.ts';

export const noon = Date.UTC(2025, 7, 26, 12);
const minute = 60_000;
export const target = 'https://gateway.example:8443/';

export function incidentOf(facts: Partial<Incident> = {}): Incident {
  const signature = {
    target,
    cause: 'gateway-client-ca-changed',
    alert: { direction: 'received', code: 48 },
    serverSha256: 'd'.repeat(64),
    authoritiesSha256: 'a'.repeat(64),
  } as const;
  const title = 'The gateway changed the client CA that it accepts';
  const said = { signature, title, side: 'gateway', confidence: 'certain' } as const;
  return {
    id: 'i-1',
    kind: 'gateway',
    scope: { kind: 'target' },
    state: 'open',
    target,
    ...said,
    variants: [{ ...said, affected: 40 }],
    openedMs: noon,
    firstMs: noon - 10_000,
    lastGoodMs: noon - minute,
    affected: 40,
    peak: 40,
    known: 100,
    share: 0.4,
    changed: [{ what: 'tls.certificateAuthorities', before: ['CN=Old'], now: ['CN=New'] }],
    sample: [{ source: 'urn:sidelight:agent:1', name: 'delegate-1', account: 'acme' }],
    accounts: [{ account: 'acme', affected: 40 }],
    timeline: [],
    reopenings: 0,
    related: [],
    ...facts,
  };
}

export function opened(facts: Partial<Incident> = {}): IncidentEvent {
  return { kind: 'opened', atMs: noon, incident: incidentOf(facts) };
}

export function closed(facts: Partial<Incident> = {}): IncidentEvent {
  const closedMs = noon + 80 * minute;
  const incident = incidentOf({
    ...{ state: 'closed', affected: 0, closedMs, closedBecause: 'recovered' },
    ...facts,
  });
  return { kind: 'closed', atMs: closedMs, incident };
}

export function updated(
  what: 'grew' | 'still' | 'cause',
  facts: Partial<Incident> = {},
): IncidentEvent {
  return { kind: 'updated', atMs: noon + minute, incident: incidentOf(facts), what };
}

const delegate = { source: 'urn:sidelight:agent:7', name: 'delegate-7', account: 'acme' };

export const silent: IncidentEvent = {
  kind: 'delegate-silent',
  atMs: noon,
  delegate,
  lastSeenMs: noon - 15 * minute,
  rhythmMs: 5 * minute,
};

export const back: IncidentEvent = {
  kind: 'delegate-back',
  atMs: noon,
  delegate,
  silentMs: 20 * minute,
};

export const gap: IncidentEvent = {
  kind: 'gap',
  atMs: noon,
  delegate,
  first: 3,
  last: 9,
  missing: 5,
};
