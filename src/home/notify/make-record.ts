/** An event of the incident keeper as it is told to others: times as text, peers' words made safe, one line that says it. */
import { isoTime } from '../../base/clock.ts';
import { clean } from '../../report/clean.ts';
import type { IncidentEventCode } from '../../report/incident-event.ts';
import {
  type AlertTold,
  type HomeIdentity,
  type IncidentRecord,
  type IncidentTold,
  incidentSchemaName,
  type VariantTold,
} from '../../report/incident-record.ts';
import { alertName } from '../../tls/alert.ts';
import type { Incident, IncidentEvent, TimelineWhat, Variant } from '../incidents/incident.ts';
import type { AlertMark } from '../incidents/sighting.ts';
import { messageOf } from './message.ts';

export interface RecordGround {
  readonly home: HomeIdentity;
  /** Where people reach home, without a final slash. */
  readonly publicUrl?: string;
}

const codes: Readonly<Record<IncidentEvent['kind'], IncidentEventCode>> = {
  opened: 'incident-opened',
  updated: 'incident-updated',
  closed: 'incident-closed',
  'delegate-silent': 'delegate-silent',
  'delegate-back': 'delegate-back',
  gap: 'reports-missing',
};

/** Pure but for the `id`, which is handed in. */
export function makeRecord(
  event: IncidentEvent,
  id: string,
  { home, publicUrl }: RecordGround,
): IncidentRecord {
  const url = publicUrl === undefined ? undefined : pageOf(event, publicUrl);
  const told = clean(saidBy(event)) as ReturnType<typeof saidBy>;
  const base = { event: codes[event.kind], time: timeText(event.atMs), ...told };
  return {
    schema: incidentSchemaName,
    id,
    ...base,
    message: messageOf(base),
    home,
    ...(url !== undefined && { url }),
  };
}

/** Of the page's views. */
function pageOf(event: IncidentEvent, publicUrl: string): string {
  if ('incident' in event) {
    return `${publicUrl}/ui/incident?id=${encodeURIComponent(event.incident.id)}`;
  }
  return `${publicUrl}/ui/delegate?of=${encodeURIComponent(event.delegate.source)}`;
}

function saidBy(
  event: IncidentEvent,
): Pick<IncidentRecord, 'incident' | 'delegate' | 'silence' | 'missing'> {
  switch (event.kind) {
    case 'opened':
      return { incident: toldOf(event.incident) };
    case 'updated':
      return { incident: toldOf(event.incident, event.what) };
    case 'closed':
      return { incident: toldOf(event.incident) };
    case 'delegate-silent': {
      const { delegate, lastSeenMs, rhythmMs } = event;
      return { delegate, silence: { lastSeenAt: timeText(lastSeenMs), rhythmMs } };
    }
    case 'delegate-back':
      return { delegate: event.delegate, silence: { silentMs: event.silentMs } };
    case 'gap': {
      const { delegate, first, last, missing: count } = event;
      return { delegate, missing: { first, last, count } };
    }
  }
}

function toldOf(incident: Incident, what?: TimelineWhat): IncidentTold {
  const { id, state, kind, scope, target, signature, affected, peak, known, share } = incident;
  const { lastGoodMs, closedMs, closedBecause, mergedInto } = incident;
  return {
    id,
    state,
    kind,
    ...(scope.kind === 'account' && { account: scope.account }),
    target,
    ...saidOf({ ...incident, signature }),
    since: timeText(incident.firstMs),
    openedAt: timeText(incident.openedMs),
    ...(lastGoodMs !== undefined && { lastGoodAt: timeText(lastGoodMs) }),
    ...(closedMs !== undefined && { closedAt: timeText(closedMs) }),
    ...(closedBecause && { closedBecause }),
    ...(mergedInto !== undefined && { mergedInto }),
    affected,
    peak,
    known,
    share,
    reopenings: incident.reopenings,
    ...(what && { what }),
    changed: incident.changed,
    variants: incident.variants.map((variant) => ({
      ...saidOf(variant),
      affected: variant.affected,
    })),
    sample: incident.sample,
    accounts: incident.accounts,
    related: incident.related,
    ...(incident.broughtBy && { broughtBy: incident.broughtBy }),
  };
}

function saidOf({
  signature,
  title,
  side,
  confidence,
}: Pick<Variant, 'signature' | 'title' | 'side' | 'confidence'>): Omit<VariantTold, 'affected'> {
  const { cause, alert, serverSha256, authoritiesSha256 } = signature;
  return {
    cause,
    title,
    ...(side && { side }),
    ...(confidence && { confidence }),
    ...(alert && { alert: alertTold(alert) }),
    ...(serverSha256 !== undefined && { serverSha256 }),
    ...(authoritiesSha256 !== undefined && { authoritiesSha256 }),
  };
}

function alertTold({ direction, code }: AlertMark): AlertTold {
  return { direction, code, description: alertName(code) };
}

/** What a date can be at most: a delegate's clock may be anywhere. */
const maxTimeMs = 8.64e15;

function timeText(epochMs: number): string {
  return isoTime(Math.min(Math.max(epochMs, -maxTimeMs), maxTimeMs));
}
