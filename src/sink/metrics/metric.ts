/** What one metric is: its name and meaning, and how its values are read from what is known. */
import type { Report } from '../../report/report.ts';

/** One look at one target, with its conclusion. */
export type Look = Omit<Report, 'schema' | 'id' | 'runId' | 'agent' | 'event' | 'delivery'>;

/** What has been counted for one target since the agent started. */
export interface Tally {
  /** By outcome. */
  readonly looks: ReadonlyMap<string, number>;
  /** In the order in which they were first seen. */
  readonly alerts: readonly AlertCount[];
}

export interface AlertCount {
  readonly direction: string;
  readonly code: number;
  readonly description: string;
  readonly count: number;
}

/** One value; absent labels are empty to Prometheus. */
export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Metric<Source> {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  /** One sentence, with the unit where the name has none. */
  readonly help: string;
  /** Beside `target`, for what is read from a look. */
  readonly labels?: readonly string[];
  /** Pure. None where nothing was observed. */
  readonly read: (source: Source) => readonly Sample[];
}

/** No value where it was not observed. */
export function sample(value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [{ value }];
}

/** A fact that stands in labels; the value says nothing. */
export function fact(labels: Readonly<Record<string, string>>): Sample {
  return { value: 1, labels };
}

export function truth(value: boolean | undefined): readonly Sample[] {
  return sample(value === undefined ? undefined : Number(value));
}

/** Peer's names are bounded where they are seen; a label takes less. */
export function bounded(text: string | undefined, maxLength = 256): string {
  return (text ?? '').slice(0, maxLength);
}
