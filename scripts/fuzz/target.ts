/** What a thing that is fuzzed looks like: octets to begin with, and what must hold for any octets. */

export interface FuzzTarget {
  /** Good inputs, from which others are made. */
  readonly seeds: readonly Uint8Array[];
  /** What it is written in, where damage would else stop at the outermost brackets. */
  readonly syntax?: 'der' | 'json';
  /** Words of its language, put in here and there. */
  readonly words?: readonly string[];
  /** Throws when something does not hold. */
  readonly run: (input: Uint8Array) => void | Promise<void>;
  /** Of CPU for one input. Default: 250. */
  readonly maxMs?: number;
}

/** Says what does not hold. */
export function hold(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** Controls, line separators and what turns the direction of text: all that may reach no terminal raw. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

/** No string anywhere within is unsafe to print. */
export function holdSafe(value: unknown, where: string): void {
  if (typeof value === 'string') hold(!unsafe.test(value), `${where} is unsafe to print`);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const [name, each] of Object.entries(value)) holdSafe(each, `${where}: ${name}`);
}

export const decode = (input: Uint8Array): string => Buffer.from(input).toString('utf8');
