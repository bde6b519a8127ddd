/** Sightings for tests of the incidents: one delegate's word, with what matters for a case changed. */
import type { IncidentEvent } from '../../../src/home/incidents/incident.ts';
import type { CauseSeen, Sighting } from '../../../src/home/incidents/sighting.ts';
import type { IncidentState } from '../../../src/home/incidents/state.ts';
import { step } from '../../../src/home/incidents/step.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
/** The 26th of August 2025, noon UTC. */
export const noon = Date.UTC(2025, 7, 26, 12);

export const target = 'https://gateway.example:8443/';

export const clientCaChanged: CauseSeen = {
  code: 'gateway-client-ca-changed',
  title: 'The gateway changed the client CA that it accepts',
  side: 'gateway',
  confidence: 'certain',
};
export const issuerNotAccepted: CauseSeen = {
  code: 'client-issuer-not-accepted',
  title: 'The gateway does not accept the issuer of our certificate',
  side: 'delegate',
  confidence: 'likely',
};
export const expired: CauseSeen = {
  code: 'client-certificate-expired',
  title: 'Our certificate has expired',
  side: 'delegate',
  confidence: 'certain',
};
export const tcpTimeout: CauseSeen = {
  code: 'tcp-timeout',
  title: 'Nothing answers the dial',
  side: 'network',
  confidence: 'likely',
};

export interface Said extends Partial<Omit<Sighting, 'delegate'>> {
  readonly account?: string;
  readonly name?: string;
}

/** What delegate number `index` says `atMs`. Accepted unless a cause is given. */
export function sighting(index: number, atMs: number, said: Said = {}): Sighting {
  const { account = 'acme', name = `delegate-${index}`, ...rest } = said;
  return {
    arrival: 1,
    receivedMs: atMs,
    timeMs: atMs,
    delegate: { source: `urn:sidelight:agent:${index}`, name, account, host: `host-${index}` },
    target,
    outcome: said.cause ? 'rejected' : 'accepted',
    ...(said.cause && { layer: 'tls', alert: { direction: 'received', code: 48 } }),
    serverSha256: 'd'.repeat(64),
    authoritiesSha256: 'a'.repeat(64),
    changes: [],
    event: 'state-changed',
    ...rest,
  };
}

export function say(
  state: IncidentState,
  index: number,
  atMs: number,
  said?: Said,
): readonly IncidentEvent[] {
  return step(state, { kind: 'sighting', sighting: sighting(index, atMs, said) });
}

/** Lets time pass, second by second. */
export function pass(state: IncidentState, fromMs: number, toMs: number): readonly IncidentEvent[] {
  const events: IncidentEvent[] = [];
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += second) {
    events.push(...step(state, { kind: 'tick', nowMs }));
  }
  return events;
}

export function kinds(events: readonly IncidentEvent[]): readonly string[] {
  return events.map(({ kind }) => kind);
}
