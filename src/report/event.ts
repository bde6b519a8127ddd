/** The dictionary of events: a stable code for every report, with its severity, drawn from the report alone. */
import type { Change } from '../diagnosis/baseline.ts';
import type { Report } from './report.ts';

export const severities = ['informational', 'low', 'medium', 'high'] as const;
export type Severity = (typeof severities)[number];

export interface EventEntry {
  /** `state`: how things stand, again; `alert`: a rule of the agent itself found something; else `event`. */
  readonly kind: 'event' | 'state' | 'alert';
  readonly severity: Severity;
  /** One short sentence without its end. */
  readonly title: string;
  /** When exactly a report is this event. */
  readonly when: string;
}

/** Names are released: they may gain company, never another meaning. At most 32 characters (a syslog MSGID). */
export const events = {
  'target-accepted': {
    kind: 'event',
    severity: 'informational',
    title: 'The gateway accepts this delegate',
    when: 'The first look was accepted, or an accepted look differs in something that has no event of its own.',
  },
  'target-recovered': {
    kind: 'event',
    severity: 'low',
    title: 'The gateway accepts this delegate again',
    when: 'The first accepted look after one or more that were not.',
  },
  'target-rejected': {
    kind: 'event',
    severity: 'high',
    title: 'The gateway refused this delegate',
    when: 'A look was refused, and the last report said something else: another outcome, cause, alert or certificate.',
  },
  'target-failed': {
    kind: 'event',
    severity: 'medium',
    title: 'No verdict of the gateway about this delegate',
    when: 'A look never got as far as a verdict, and the last report said something else.',
  },
  'target-unconfirmed': {
    kind: 'event',
    severity: 'medium',
    title: 'The gateway neither accepted nor refused this delegate',
    when: 'The handshake was done, nothing proved or disproved acceptance in time, and the last report said something else.',
  },
  'credential-unusable': {
    kind: 'event',
    severity: 'high',
    title: 'Our own files cannot be used, so no connection was made',
    when: 'Certificate, key or trust anchors stop every look, and the last report said something else.',
  },
  'new-credential-broken': {
    kind: 'alert',
    severity: 'high',
    title: 'Our new credential fails its preflight',
    when: 'Certificate, key, trust anchors, revocation list or the trust store of the Java delegate were replaced by files that can be loaded, and at least one check of `sidelight preflight client` failed. It comes before any look uses them; `preflight.checks` names what did not pass, and all else is as the look before found it. Files that cannot be loaded are `credential-unusable`.',
  },
  'new-credential-warned': {
    kind: 'alert',
    severity: 'low',
    title: 'Something about our new credential will matter',
    when: 'As `new-credential-broken`, where no check failed and at least one came to a warning.',
  },
  'server-certificate-changed': {
    kind: 'alert',
    severity: 'low',
    title: 'The gateway presents another certificate than before',
    when: 'An accepted look saw another leaf certificate than the last accepted one.',
  },
  'authorities-changed': {
    kind: 'alert',
    severity: 'medium',
    title: 'The gateway names other certificate authorities than before',
    when: 'An accepted look saw another list of authorities in the certificate request than the last accepted one.',
  },
  'certificate-request-changed': {
    kind: 'alert',
    severity: 'medium',
    title: 'The gateway began or ceased to ask for a client certificate',
    when: 'An accepted look saw a certificate request where the last accepted one saw none, or the reverse.',
  },
  'client-certificate-changed': {
    kind: 'event',
    severity: 'informational',
    title: 'Our client certificate is another than before, and is accepted',
    when: 'An accepted look presented another certificate than the last accepted one.',
  },
  'certificate-expiring': {
    kind: 'alert',
    severity: 'medium',
    title: 'A certificate expires soon',
    when: 'While all works, a certificate crossed one of the steps on the way to its end: 66 % and 90 % of its life, and 30, 14, 7 and 1 days before its end, as far as they lie in its last third. Of ours it may be the certificate, an intermediate, or a CA; of the gateway, any of its chain. `threshold` of the warning names the step.',
  },
  'warning-raised': {
    kind: 'alert',
    severity: 'low',
    title: 'Something will matter, though the gateway accepts this delegate',
    when: 'While all works, a warning came up that the last reports did not have; `newWarnings` names it.',
  },
  'reports-lost': {
    kind: 'alert',
    severity: 'medium',
    title: 'Reports were lost on the way home',
    when: 'A heartbeat of any target, when the limits of the spool or a refusal of home cost reports since the last heartbeat.',
  },
  heartbeat: {
    kind: 'state',
    severity: 'informational',
    title: 'The gateway still accepts this delegate',
    when: 'Nothing changed for as long as a heartbeat takes, and the look was accepted.',
  },
  'target-still-failing': {
    kind: 'state',
    severity: 'medium',
    title: 'The gateway still does not accept this delegate',
    when: 'Nothing changed for as long as a heartbeat takes, and the look was not accepted.',
  },
} as const satisfies Readonly<Record<string, EventEntry>>;

export type EventCode = keyof typeof events;

export const eventCodes = Object.keys(events) as readonly EventCode[];

/** A look by `check`, which is no event of a series, has the code that a change of state would have. */
export function eventCodeOf(report: Report): EventCode {
  const { outcome, layer, event, delivery, preflight } = report;
  if (preflight) {
    const isBroken = preflight.checks.some((check) => check.outcome === 'failed');
    return isBroken ? 'new-credential-broken' : 'new-credential-warned';
  }
  if (event === 'heartbeat') {
    if ((delivery?.newlyLost ?? 0) > 0) return 'reports-lost';
    return outcome === 'accepted' ? 'heartbeat' : 'target-still-failing';
  }
  if (outcome === 'accepted') return acceptedCode(report);
  if (layer === 'local') return 'credential-unusable';
  return byOutcome.get(outcome) ?? 'target-failed';
}

/** A map and not an object: the outcome of a report that was read back may be anything. */
const byOutcome: ReadonlyMap<string, EventCode> = new Map<string, EventCode>([
  ['rejected', 'target-rejected'],
  ['unconfirmed', 'target-unconfirmed'],
]);

function acceptedCode(report: Report): EventCode {
  const { attempt } = report;
  if (attempt.failedSince !== undefined) return 'target-recovered';
  if (attempt.newWarnings) {
    return attempt.newWarnings.some(isExpiry) ? 'certificate-expiring' : 'warning-raised';
  }
  const change = gravestChange(report);
  return byChange.find(([what]) => what === change?.what)?.[1] ?? 'target-accepted';
}

/** Of the changes that have an event of their own, the one that names it. */
export function gravestChange({ changes = [] }: Report): Change | undefined {
  return byChange
    .map(([name]) => changes.find(({ what }) => what === name))
    .find((change) => change !== undefined);
}

function isExpiry(warning: string): boolean {
  return warning.endsWith('-expires-soon');
}

/** Where several things changed, the first of these names the event; the report lists them all. */
const byChange: readonly (readonly [what: string, code: EventCode])[] = [
  ['tls.clientCertificateRequested', 'certificate-request-changed'],
  ['tls.certificateAuthorities', 'authorities-changed'],
  ['tls.certificateAuthoritiesSha256', 'authorities-changed'],
  ['tls.serverCertificates[0].sha256', 'server-certificate-changed'],
  ['clientCertificate.sha256', 'client-certificate-changed'],
];
