/** What the views are made from. */
import type { KeptIncidents } from '../incidents/keep-incidents.ts';
import type { StoredReports } from './stored-reports.ts';
import type { Survey } from './survey.ts';

export interface Sources {
  readonly incidents: Pick<KeptIncidents, 'fleet' | 'open' | 'latest' | 'find'>;
  readonly reports: StoredReports;
  readonly survey: () => Survey;
  /** Whether an agent of this source is connected and can be asked for a look. */
  readonly isConnected: (source: string) => boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}
