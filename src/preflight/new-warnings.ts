/** What there is to mind after a rotation that there was not before it. */
import { diagnose } from '../diagnosis/diagnose.ts';
import type { Warning } from '../diagnosis/warning.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type Judgement, passed, warned } from './check.ts';

export const newWarningsCode = 'compare-warnings';

/** What changed by the rotation alone is no warning: so each look is judged by itself. */
export function newWarnings(before: Evidence, after: Evidence): readonly Warning[] {
  const known = new Set(diagnose(before).warnings.map(({ code }) => code));
  return diagnose(after).warnings.filter(({ code }) => !known.has(code));
}

export function warningInWords({ code, title, evidence }: Warning): string {
  return `${title}. ${evidence} (${code})`;
}

export function judgeNewWarnings(found: readonly string[]): Judgement {
  if (found.length === 0) return passed();
  return warned(
    'Mind what is new, for a gateway that accepts everybody accepts us, too.',
    ...found,
  );
}
