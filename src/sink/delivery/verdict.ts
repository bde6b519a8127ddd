/** What a receiver's answer to a batch means for the reports in it; home's HTTP answers as a table by status, and nothing else. */

export type Verdict =
  /** Home has stored it. */
  | 'delivered'
  /** Trouble that passes: keep, back off. */
  | 'retry'
  /** Our credential is refused: keep, and wait as long as backoff ever does, for credentials rotate. */
  | 'pause'
  /** This batch as it is will never do: send it in smaller parts, and set aside the single report that still fails. */
  | 'split'
  /** Nothing in this batch will ever do. */
  | 'set-aside'
  /** Home is gone for good. */
  | 'stop';

export function judgeStatus(status: number): Verdict {
  if (status >= 200 && status < 300) return 'delivered';
  return byStatus[status] ?? 'retry';
}

/** Every status without a line here keeps the reports: what is not understood loses nothing. Redirects are such. */
const byStatus: Readonly<Record<number, Verdict>> = {
  400: 'split',
  401: 'pause',
  403: 'pause',
  410: 'stop',
  413: 'split',
  415: 'set-aside',
  422: 'split',
};
