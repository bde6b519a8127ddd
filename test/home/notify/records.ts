/** A record of every event of home, as it is told. */
import type { IncidentEvent } from '../../../src/home/incidents/incident.ts';
import { makeRecord } from '../../../src/home/notify/make-record.ts';
import type { IncidentRecord } from '../../../src/report/incident-record.ts';
import { back, closed, gap, opened, silent, updated } from './incident-events.ts';

export const ground = {
  home: {
    name: 'sidelight',
    version: '0.1.0',
    id: '019ab1c2-2222-7000-8000-000000000000',
    host: 'home-1',
  },
  publicUrl: 'https://home.example',
} as const;

export function recordOf(event: IncidentEvent, id = 0): IncidentRecord {
  return makeRecord(event, `019ab1c2-d3e4-7f50-8a6b-${String(id).padStart(12, '0')}`, ground);
}

export const records: readonly IncidentRecord[] = [
  opened(),
  updated('grew', { affected: 80, peak: 80, share: 0.8 }),
  closed(),
  silent,
  back,
  gap,
].map(recordOf);
