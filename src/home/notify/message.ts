/** An event of home in one line that can be read aloud: what, since when, how many, who must act. */
import { parseTime } from '../../base/clock.ts';
import type { DelegateTold, IncidentRecord, IncidentTold } from '../../report/incident-record.ts';

type Said = Pick<IncidentRecord, 'event' | 'incident' | 'delegate' | 'silence' | 'missing'>;

export function messageOf({ event, incident, delegate, silence, missing }: Said): string {
  if (incident) return incidentInWords(event, incident);
  const who = delegate ? nameOf(delegate) : 'A delegate';
  if (missing) {
    const { first, last, count } = missing;
    return `Reports of ${who} never arrived: ${count} of those numbered ${first} to ${last}.`;
  }
  if (event === 'delegate-back') {
    return `${who} reports again, after ${duration(silence?.silentMs ?? 0)}.`;
  }
  const last = silence?.lastSeenAt === undefined ? '' : `, last heard ${clock(silence.lastSeenAt)}`;
  return `${who} no longer reports${last}; it used to every ${duration(silence?.rhythmMs ?? 0)}.`;
}

/** What a person calls it. */
export function nameOf({ name, host, account, source }: DelegateTold): string {
  const own = name ?? host ?? source;
  return account === undefined ? own : `${own} (account ${account})`;
}

function incidentInWords(event: Said['event'], incident: IncidentTold): string {
  return [
    `${headOf(event, incident)}: ${incident.title}, at ${whereOf(incident)}.`,
    countOf(event, incident),
    ...broughtByIn(incident),
    ...alertIn(incident),
    sinceOf(event, incident),
    whoMustAct(incident),
  ].join(' ');
}

function headOf(event: Said['event'], { reopenings }: IncidentTold): string {
  if (event === 'incident-closed') return 'Incident over';
  if (event === 'incident-updated') return 'Incident goes on';
  return reopenings > 0 ? 'Incident again' : 'Incident';
}

export function whereOf({ target, account }: IncidentTold): string {
  const where = target === '*' ? 'all targets' : target;
  return account === undefined ? where : `${where} (account ${account})`;
}

function countOf(event: Said['event'], { affected, peak, known }: IncidentTold): string {
  if (event === 'incident-closed') return `At most ${peak} of ${known} delegates.`;
  return `${affected} of ${known} delegates.`;
}

/** Where nobody else bears it out. */
function broughtByIn({ broughtBy }: IncidentTold): readonly string[] {
  if (!broughtBy) return [];
  const many = broughtBy.length === 1 ? 'One sender' : 'Two senders';
  return [`${many} brought all of it: ${broughtBy.join(', ')}.`];
}

function alertIn({ alert }: IncidentTold): readonly string[] {
  return alert ? [`Alert ${alert.code} (${alert.description}) ${alert.direction}.`] : [];
}

function sinceOf(event: Said['event'], incident: IncidentTold): string {
  const { since, lastGoodAt, closedAt, closedBecause } = incident;
  if (event === 'incident-closed' && closedAt !== undefined) {
    const because = closedBecause ? becauses[closedBecause] : '';
    return `From ${clock(since)}, for ${duration((parseTime(closedAt) ?? 0) - (parseTime(since) ?? 0))}${because}.`;
  }
  if (incident.kind === 'silence') return `Last heard ${clock(since)}.`;
  const good = lastGoodAt === undefined ? '' : `; last accepted ${clock(lastGoodAt)}`;
  return `Since ${clock(since)}${good}.`;
}

const becauses: Readonly<Record<NonNullable<IncidentTold['closedBecause']>, string>> = {
  recovered: '; they are accepted again',
  'fell-silent': '; most of them no longer report',
  merged: '; it is part of a wider incident',
};

export function whoMustAct({ side, confidence }: IncidentTold): string {
  if (!side) return 'Who must act is not known.';
  return `The ${side} must act${confidence === undefined ? '' : ` (${confidence})`}.`;
}

/** 2026-08-26 09:12:03 UTC. */
function clock(time: string): string {
  return time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

/** In the largest unit that leaves at least two of it, rounded. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
