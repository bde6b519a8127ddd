/** An incident event in one line, for who watches a scenario. */
import { isoTime } from '../../src/base/clock.ts';
import type { Incident, IncidentEvent } from '../../src/home/incidents/incident.ts';

/** Undefined for those of single delegates, of which there are many. */
export function eventInWords(event: IncidentEvent): string | undefined {
  switch (event.kind) {
    case 'opened':
      return `${isoTime(event.atMs)} OPENED ${incidentInWords(event.incident)}`;
    case 'updated':
      return `${isoTime(event.atMs)} ${event.what} ${event.incident.id}: ${numbersOf(event.incident)}, ${event.incident.signature.cause}`;
    case 'closed':
      return `${isoTime(event.atMs)} CLOSED ${event.incident.id}: ${event.incident.closedBecause}, at most ${event.incident.peak}`;
    case 'delegate-silent':
    case 'delegate-back':
    case 'gap':
      return undefined;
  }
}

function incidentInWords(incident: Incident): string {
  const { id, kind, scope, side, confidence, title, signature, changed, firstMs, lastGoodMs } =
    incident;
  const { alert, serverSha256, authoritiesSha256 } = signature;
  return [
    `${id} (${kind}${scope.kind === 'account' ? `, ${scope.account}` : ''})`,
    `  ${side ?? 'nobody knows who'}, ${confidence ?? 'unsure'}: ${title} [${signature.cause}]`,
    `  ${numbersOf(incident)}; since ${isoTime(firstMs)}, last good ${lastGoodMs === undefined ? 'unknown' : isoTime(lastGoodMs)}`,
    ...(alert ? [`  alert ${alert.code} ${alert.direction}`] : []),
    `  server ${serverSha256?.slice(0, 16) ?? '-'}, authorities ${authoritiesSha256?.slice(0, 16) ?? '-'}`,
    ...changed.map(
      ({ what, before, now }) => `  ${what}: ${JSON.stringify(before)} -> ${JSON.stringify(now)}`,
    ),
    ...(incident.reopenings > 0 ? [`  reopened, ${incident.reopenings}`] : []),
  ].join('\n');
}

function numbersOf({ affected, known, share }: Incident): string {
  return `${affected} of ${known} (${(100 * share).toFixed(1)} %)`;
}
