/** What a batch holds: the reports in it, and those that cannot be read as such. */
import type { Report } from '../../report/report.ts';
import type { SpooledReport } from '../spool/spool.ts';

export interface ReadReport {
  readonly report: Report;
  readonly id: string;
  /** Of the spool: grows with every report of one state directory. */
  readonly sequence: number;
}

export interface ReadBatch {
  readonly reports: readonly ReadReport[];
  readonly unreadable: readonly string[];
}

/** `isUsable` throws for a report that another version wrote and this one cannot represent. */
export function readBatch(
  batch: readonly SpooledReport[],
  isUsable: (report: Report) => unknown,
): ReadBatch {
  const reports: ReadReport[] = [];
  const unreadable: string[] = [];
  for (const { id, sequence, body } of batch) {
    try {
      const report = JSON.parse(body) as Report;
      isUsable(report);
      reports.push({ report, id, sequence });
    } catch {
      unreadable.push(id);
    }
  }
  return { reports, unreadable };
}
