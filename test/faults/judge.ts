/** Holds the answer to one fault against what it must be. */
import type { Diagnosis } from '../../src/diagnosis/diagnose.ts';
import type { Expected } from './fault.ts';

/** `exact`: the cause itself. `side`: undecidable, with the right side and the truth among the alternatives. */
export type Verdict =
  | { readonly kind: 'exact' | 'side' }
  | { readonly kind: 'miss'; readonly why: string };

type Answer = Pick<Diagnosis, 'cause' | 'alternatives' | 'changes'>;

export function judge(expected: Expected, answer: Answer): Verdict {
  const why = whatIsWrong(expected, answer);
  if (why !== undefined) return { kind: 'miss', why };
  return { kind: answer.cause?.code === expected.code ? 'exact' : 'side' };
}

type Rule = (expected: Expected, answer: Answer) => string | false | undefined;

/** Each names what is wrong or passes on; the first word counts. */
const rules: readonly Rule[] = [
  (_, { cause }) => !cause && 'no cause',
  ({ side }, { cause }) => cause?.side !== side && `side ${cause?.side}`,
  (expected, answer) => !isExact(expected, answer) && expected.decidable !== false && 'wrong cause',
  (expected, answer) =>
    !isExact(expected, answer) && answer.cause?.confidence === 'certain' && 'certain and wrong',
  (expected, answer) => !isNamed(expected, answer) && 'truth not named',
  ({ certain }, { cause }) => certain && cause?.confidence !== 'certain' && 'not certain',
  ({ changes = [] }, { changes: seen = [] }) =>
    changes
      .filter((what) => !seen.some((change) => change.what === what))
      .map((what) => `changes lack ${what}`)[0],
  ({ changed }, { changes: seen = [] }) => changed && seen.length === 0 && 'no changes',
  ({ says = '' }, { cause }) => !cause?.evidence.join(' ').includes(says) && `does not say ${says}`,
];

function whatIsWrong(expected: Expected, answer: Answer): string | undefined {
  for (const rule of rules) {
    const wrong = rule(expected, answer);
    if (wrong) return wrong;
  }
  return undefined;
}

function isExact({ code }: Expected, { cause }: Answer): boolean {
  return cause?.code === code;
}

function isNamed(expected: Expected, answer: Answer): boolean {
  return (
    isExact(expected, answer) || answer.alternatives.some(({ code }) => code === expected.code)
  );
}
