/** Reports in memory while the database takes none: in order, and bounded in octets. */
import type { SpooledReport } from './spooled-report.ts';

export interface HeldReport {
  readonly report: SpooledReport;
  /** On the spool's own clock. */
  readonly addedMs: number;
  /** The receivers that do not have it yet. */
  readonly expecting: ReadonlySet<string>;
}

export class HeldReports {
  readonly #maxBytes: number;
  #reports: readonly HeldReport[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get reports(): readonly HeldReport[] {
    return this.#reports;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What had to go for it, the oldest first. */
  add(held: HeldReport): readonly HeldReport[] {
    this.#take([...this.#reports, held]);
    let dropped = 0;
    for (let over = this.#bytes - this.#maxBytes; over > 0 && dropped < this.#reports.length; ) {
      over -= this.#reports[dropped]?.report.sizeBytes ?? 0;
      dropped += 1;
    }
    return this.#dropFirst(dropped);
  }

  /** What was added before that time. */
  dropOld(beforeMs: number): readonly HeldReport[] {
    const kept = this.#reports.findIndex(({ addedMs }) => addedMs >= beforeMs);
    return this.#dropFirst(kept < 0 ? this.#reports.length : kept);
  }

  /** What this receiver does not have yet. */
  for(receiver: string): readonly SpooledReport[] {
    return this.#reports
      .filter(({ expecting }) => expecting.has(receiver))
      .map(({ report }) => report);
  }

  /** That receiver has it, or never will: whether it was held for it. */
  settle(receiver: string, id: string): boolean {
    const found = this.#reports.find(({ report }) => report.id === id);
    if (!found?.expecting.has(receiver)) return false;
    const expecting = new Set(found.expecting);
    expecting.delete(receiver);
    const rest = this.#reports.flatMap((each) =>
      each === found ? [{ ...each, expecting }] : each,
    );
    this.#take(rest.filter((each) => each.expecting.size > 0));
    return true;
  }

  clear(): void {
    this.#take([]);
  }

  #dropFirst(count: number): readonly HeldReport[] {
    if (count === 0) return [];
    const dropped = this.#reports.slice(0, count);
    this.#take(this.#reports.slice(count));
    return dropped;
  }

  #take(reports: readonly HeldReport[]): void {
    this.#reports = reports;
    this.#bytes = reports.reduce((sum, { report }) => sum + report.sizeBytes, 0);
  }
}
