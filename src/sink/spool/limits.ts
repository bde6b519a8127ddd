/** What the spool may hold, and what happens to be too much. */

export interface SpoolLimits {
  /** Sum of all report bodies. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly maxReports: number;
  /** Of one report; aim below a quarter of it. */
  readonly maxReportBytes: number;
  /** Reports that home refused for good, kept for a person to look at. */
  readonly maxRejected: number;
}

export const spoolDefaults: SpoolLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxAgeMs: 72 * 3_600_000,
  maxReports: 10_000,
  maxReportBytes: 256 * 1024,
  maxRejected: 100,
};

/** Where nothing can be written, the queue is in memory and small. */
export const memoryMaxBytes = 4 * 1024 * 1024;
