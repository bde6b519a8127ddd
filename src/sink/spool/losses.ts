/** Losses that are not written down yet, by receiver and reason. */

/**
 * `age`: waited too long. `size`: too many or too large. `rejected`: the receiver refused it for good. `storage`: the
 * disk would not take it, or was damaged.
 */
export type LossReason = 'age' | 'size' | 'rejected' | 'storage';

export type LossCounts = Readonly<Record<LossReason, number>>;

export const noLosses: LossCounts = { age: 0, size: 0, rejected: 0, storage: 0 };

/** Of each reason that is there; a later version may have others. */
export function lossCounts(entries: Iterable<readonly [string, number]>): LossCounts {
  return { ...noLosses, ...Object.fromEntries(entries) };
}

export class Losses {
  readonly #counts = new Map<string, LossCounts>();

  add(receiver: string, reason: LossReason, reports: number): void {
    if (reports === 0) return;
    const counts = this.of(receiver);
    this.#counts.set(receiver, { ...counts, [reason]: counts[reason] + reports });
  }

  of(receiver: string): LossCounts {
    return this.#counts.get(receiver) ?? noLosses;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** How many the receiver lost that lost most. */
  get most(): number {
    const sums = [...this.#counts.values()].map((counts) =>
      Object.values(counts).reduce((sum, reports) => sum + reports, 0),
    );
    return Math.max(0, ...sums);
  }

  /** Each count that is not 0. */
  *entries(): Generator<readonly [receiver: string, reason: LossReason, reports: number]> {
    for (const [receiver, counts] of this.#counts) {
      for (const [reason, reports] of Object.entries(counts)) {
        if (reports > 0) yield [receiver, reason as LossReason, reports];
      }
    }
  }

  clear(): void {
    this.#counts.clear();
  }
}

export function addLosses(one: LossCounts, other: LossCounts): LossCounts {
  return {
    age: one.age + other.age,
    size: one.size + other.size,
    rejected: one.rejected + other.rejected,
    storage: one.storage + other.storage,
  };
}

export function sumOf({ age, size, rejected, storage }: LossCounts): number {
  return age + size + rejected + storage;
}
