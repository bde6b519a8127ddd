/** A report as it waits, and what a receiver's way may ask of the place where it waits. */
import type { LossCounts, LossReason } from './losses.ts';

export interface SpooledReport {
  /** The report's own number, which grows with every report of this agent; the order of delivery. */
  readonly sequence: number;
  readonly id: string;
  /** The report's own time. */
  readonly time: string;
  /** Of `body`, in octets. */
  readonly sizeBytes: number;
  /** The report as JSON. */
  readonly body: string;
}

export interface BatchLimits {
  readonly maxCount: number;
  /** Sum of bodies; the first report comes however large it is. */
  readonly maxBytes: number;
  /** Nothing later than this sequence: so that a batch that is sent again is the same batch. */
  readonly through?: number;
}

export interface ReceiverStats {
  readonly name: string;
  readonly waiting: number;
  /** Sum of the waiting bodies. */
  readonly waitingBytes: number;
  /** The time of the report that has waited longest. */
  readonly oldestTime?: string;
  /** Since the state directory was made. */
  readonly lost: LossCounts;
  /** When it last took a batch. */
  readonly lastSuccessTime?: string;
}

/** One receiver's place in the spool. */
export interface Cursor {
  /** The oldest reports that still wait, in the order in which they happened. Throws when nothing can be read. */
  nextBatch(limits: BatchLimits): readonly SpooledReport[];
  /** The receiver has them. Ids that are not here are no error: an acknowledgement may come twice. */
  acknowledge(ids: readonly string[]): void;
  /** The receiver will never take them: counted as lost, kept for a person to look at. */
  setAside(ids: readonly string[], reason: string): void;
  /** Reports that it refused without saying which. */
  lose(reason: LossReason, reports: number): void;
  stats(): ReceiverStats;
}

export function spooledReport(row: Readonly<Record<string, unknown>>): SpooledReport {
  return {
    sequence: Number(row['sequence']),
    id: String(row['id']),
    time: String(row['time']),
    sizeBytes: Number(row['size_bytes']),
    body: String(row['body']),
  };
}

/** As many as the limits allow, and at least one where there is one. */
export function takeBatch(
  reports: Iterable<SpooledReport>,
  { maxCount, maxBytes, through }: BatchLimits,
): readonly SpooledReport[] {
  const batch: SpooledReport[] = [];
  let bytes = 0;
  for (const report of reports) {
    bytes += report.sizeBytes;
    const isOver = batch.length > 0 && (bytes > maxBytes || batch.length >= maxCount);
    if (isOver || report.sequence > (through ?? Number.MAX_SAFE_INTEGER)) break;
    batch.push(report);
  }
  return batch;
}
