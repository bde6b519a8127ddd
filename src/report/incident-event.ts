/** The dictionary of home's own events, beside that of the agents': what a fleet says, not what one delegate saw. */
import type { EventEntry } from './event.ts';

/** Names are released: they may gain company, never another meaning. At most 32 characters (a syslog MSGID). */
export const incidentEvents = {
  'incident-opened': {
    kind: 'alert',
    severity: 'high',
    title: 'Many delegates say the same',
    when: 'Enough delegates of one target, or of one account, began to say the same within the window; or an incident that was closed a short while ago began again, and then its `reopenings` are above 0.',
  },
  'incident-updated': {
    kind: 'state',
    severity: 'medium',
    title: 'Many delegates still say the same',
    when: 'An open incident has twice as many delegates or half as many as when it was last told, another cause leads, or a while has passed; `what` says which.',
  },
  'incident-closed': {
    kind: 'event',
    severity: 'low',
    title: 'Delegates no longer say the same',
    when: 'An incident is over; `closedBecause` says why: they recovered, they fell silent, or a wider incident took them over.',
  },
  'delegate-silent': {
    kind: 'alert',
    severity: 'medium',
    title: 'A delegate no longer reports',
    when: 'One delegate has missed three of its own heartbeats, and not so many others that it is an incident.',
  },
  'delegate-back': {
    kind: 'event',
    severity: 'informational',
    title: 'A delegate reports again',
    when: 'The first report of a delegate whose silence was told.',
  },
  'reports-missing': {
    kind: 'alert',
    severity: 'low',
    title: 'Reports of a delegate never arrived',
    when: 'The numbers of one agent have a gap that nothing has filled within a minute.',
  },
} as const satisfies Readonly<Record<string, EventEntry>>;

export type IncidentEventCode = keyof typeof incidentEvents;

export const incidentEventCodes = Object.keys(incidentEvents) as readonly IncidentEventCode[];
