/** Incidents as Alertmanager's API v2 takes alerts: `POST /api/v2/alerts`. */
import { isoTime } from '../../../base/clock.ts';
import type { IncidentRecord, IncidentTold } from '../../../report/incident-record.ts';
import { whereOf, whoMustAct } from '../message.ts';

/** Alertmanager takes for resolved what it has not heard of for this long; told again four times within it, as Prometheus does. */
export const alertLastsMs = 4 * 60_000;
export const alertAgainMs = 60_000;

/** Undefined when none of them is about an incident: a single delegate's silence is no alert that anybody would end. */
export function alertsBody(records: readonly IncidentRecord[], nowMs: number): string | undefined {
  const alerts = records.flatMap((record) => {
    const { incident } = record;
    return incident ? [alertOf(record, incident, nowMs)] : [];
  });
  return alerts.length === 0 ? undefined : JSON.stringify(alerts);
}

function alertOf(record: IncidentRecord, incident: IncidentTold, nowMs: number): object {
  const endsAt = incident.closedAt ?? isoTime(nowMs + alertLastsMs);
  return {
    labels: labelsOf(incident),
    annotations: {
      summary: `${incident.title}, at ${whereOf(incident)}: ${incident.affected} of ${incident.known} delegates`,
      description: record.message,
      who: whoMustAct(incident),
      incident: incident.id,
    },
    startsAt: startOf(incident, endsAt),
    endsAt,
    ...(record.url !== undefined && { generatorURL: record.url }),
  };
}

/** It refuses what starts after its end, and years of more than four digits. */
function startOf({ since, openedAt }: IncidentTold, endsAt: string): string {
  const start = /^\d{4}-/.test(since) ? since : openedAt;
  return start < endsAt ? start : endsAt;
}

/** What tells one alert from another: when cause or side change, it is another one, and the former ends by itself. */
function labelsOf({ target, kind, cause, side, account }: IncidentTold): Record<string, string> {
  return {
    alertname: 'SidelightIncident',
    target,
    kind,
    cause,
    side: side ?? 'unknown',
    severity: severityOf(kind),
    ...(account !== undefined && account !== '' && { account }),
  };
}

/** In the words of Prometheus' rules: what the gateway does to many, and the rest. */
function severityOf(kind: IncidentTold['kind']): string {
  return kind === 'gateway' ? 'critical' : 'warning';
}
