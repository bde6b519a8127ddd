/** What a status says of one target. */
import { plural } from '../../diagnosis/time.ts';
import type { TargetStatus } from '../../report/status.ts';
import type { Paint } from '../paint.ts';
import { wrap } from '../paragraph.ts';
import { outcomeWord, whoActs } from '../summary.ts';
import { timeInWords } from '../words.ts';
import { begunBy, indent, line } from './lines.ts';
import { span } from './span.ts';

export function targetLines(target: TargetStatus, now: string, paint: Paint): readonly string[] {
  const { label, outcome, since } = target;
  const name = wrap(label, '  ', indent);
  if (outcome === undefined) return [...name, ...unseen(target, now).flatMap(line)];
  const word = outcomeWord[outcome];
  const begun = line(`${word} for ${span(since, now)}, since ${timeInWords(since ?? '')}.`);
  return [
    ...name,
    ...begunBy(word, outcome === 'accepted' ? 'green' : 'red', begun, paint),
    ...causeLines(target),
    ...rhythmLines(target, now),
  ];
}

function unseen({ lastAcceptedAt, nextLookAt }: TargetStatus, now: string): readonly string[] {
  return [
    ...(nextLookAt === undefined ? [] : [`Not looked at yet; ${nextInWords(nextLookAt, now)}.`]),
    ...(lastAcceptedAt === undefined ? [] : [`Last accepted ${timeInWords(lastAcceptedAt)}.`]),
  ];
}

function nextInWords(nextLookAt: string | undefined, now: string): string {
  return nextLookAt === now ? 'the next look is now' : `the next look in ${span(now, nextLookAt)}`;
}

function causeLines({ outcome, cause, lastAcceptedAt }: TargetStatus): readonly string[] {
  if (outcome === 'accepted') return [];
  const found = cause
    ? [
        `Cause: ${cause.title}; ${whoActs[cause.side]} (${cause.confidence}, ${cause.code}).`,
        `Next: ${cause.remedy}`,
      ]
    : ['Cause: not known.'];
  const earlier =
    lastAcceptedAt === undefined
      ? 'It was never accepted.'
      : `Last accepted ${timeInWords(lastAcceptedAt)}.`;
  return [...found, earlier].flatMap(line);
}

function rhythmLines(target: TargetStatus, now: string): readonly string[] {
  const { lastLookAt, nextLookAt, attempts = 0 } = target;
  const last = `Last look ${span(lastLookAt, now)} ago`;
  return line(`${last}, ${nextInWords(nextLookAt, now)}; ${plural(attempts, 'look')}.`);
}
