/** What no published schema has a field for: under `sidelight` in ECS, under `unmapped.sidelight` in OCSF. */
import type { AlertTold, IncidentTold, VariantTold } from '../../report/incident-record.ts';
import { timeMs, timeText, upperHex } from '../event/certificate-facts.ts';
import type { Fields } from '../event/fields.ts';
import { valueText } from '../event/value-text.ts';
import type { IncidentFacts } from './incident-facts.ts';

export function incidentSidelightFields({ record }: IncidentFacts): Fields {
  const { schema, home, incident, delegate, silence, missing } = record;
  return {
    schema,
    home: { id: home.id },
    incident: incident && incidentFields(incident),
    cause: incident && {
      code: incident.cause,
      side: incident.side,
      confidence: incident.confidence,
    },
    alert: incident?.alert && alertFields(incident.alert),
    delegate: delegate && {
      source: delegate.source,
      name: delegate.name,
      account: delegate.account,
    },
    silence: silence && {
      last_seen_at: dateText(silence.lastSeenAt),
      rhythm: inNanoseconds(silence.rhythmMs),
      duration: inNanoseconds(silence.silentMs),
    },
    missing: missing && { first: missing.first, last: missing.last, count: missing.count },
  };
}

function incidentFields(incident: IncidentTold): Fields {
  const { id, state, kind, account, target, what, closedBecause, reopenings } = incident;
  return {
    ...{ id, state, kind, account, target, what, reopenings },
    affected: incident.affected,
    peak: incident.peak,
    known: incident.known,
    server_sha256: upperHex(incident.serverSha256),
    authorities_sha256: upperHex(incident.authoritiesSha256),
    since: dateText(incident.since),
    opened_at: dateText(incident.openedAt),
    last_good_at: dateText(incident.lastGoodAt),
    closed_at: dateText(incident.closedAt),
    closed_because: closedBecause,
    merged_into: incident.mergedInto,
    changes: incident.changed.map((change) => ({
      what: change.what,
      before: valueText(change.before),
      now: valueText(change.now),
    })),
    variants: incident.variants.map(variantFields),
    accounts: incident.accounts.map(({ account: name, affected }) => ({ name, affected })),
    sample: incident.sample.map(({ source, name, host }) => ({ source, name, host })),
    related: incident.related,
  };
}

function variantFields({ cause, side, confidence, alert, affected }: VariantTold): Fields {
  return { cause, side, confidence, alert_code: alert?.code, affected };
}

function alertFields({ direction, code, description }: AlertTold): Fields {
  return { direction, code, description };
}

function dateText(time: string | undefined): string | undefined {
  return timeText(timeMs(time));
}

function inNanoseconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms) * 1_000_000;
}
