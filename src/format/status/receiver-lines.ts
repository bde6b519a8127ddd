/** What a status says of one receiver. */
import { plural } from '../../diagnosis/time.ts';
import type { ReceiverStatus } from '../../report/status.ts';
import type { Paint } from '../paint.ts';
import { wrap } from '../paragraph.ts';
import { timeInWords } from '../words.ts';
import { begunBy, indent, line } from './lines.ts';
import { size } from './size.ts';
import { span } from './span.ts';
import { troubleInWords } from './trouble.ts';

export function receiverLines(
  receiver: ReceiverStatus,
  now: string,
  paint: Paint,
): readonly string[] {
  const { name, trouble, lastSuccessTime } = receiver;
  const took =
    lastSuccessTime === undefined
      ? 'None was ever taken.'
      : `Last taken ${span(lastSuccessTime, now)} ago, ${timeInWords(lastSuccessTime)}.`;
  const body = [`${waitingInWords(receiver, now)} ${took}`, ...lostInWords(receiver)];
  const named = wrap(name, '  ', indent);
  if (!trouble) return [...named, ...body.flatMap(line)];
  const { code, status, error, since } = trouble;
  const codes = [
    code,
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(error ? [error] : []),
  ];
  const lasting = `${span(since, now)}, since ${timeInWords(since)}`;
  const told = line(`Trouble for ${lasting}: it ${troubleInWords(code)} (${codes.join(', ')}).`);
  return [...named, ...begunBy('Trouble', 'red', told, paint), ...body.flatMap(line)];
}

function waitingInWords(
  { waiting, waitingBytes, oldestTime }: ReceiverStatus,
  now: string,
): string {
  if (waiting === 0) return 'No report waits.';
  const oldest = oldestTime === undefined ? '' : `, the oldest for ${span(oldestTime, now)}`;
  const verb = waiting === 1 ? 'waits' : 'wait';
  return `${plural(waiting, 'report')} ${verb}, ${size(waitingBytes)}${oldest}.`;
}

function lostInWords({ lost }: ReceiverStatus): readonly string[] {
  const { age, size: tooMany, rejected, storage = 0 } = lost;
  const reasons = [
    ...(age > 0 ? [`${age} too old`] : []),
    ...(tooMany > 0 ? [`${tooMany} too many or too large`] : []),
    ...(rejected > 0 ? [`${rejected} refused`] : []),
    ...(storage > 0 ? [`${storage} not kept by the disk`] : []),
  ];
  return reasons.length === 0 ? [] : [`Lost for it since the beginning: ${reasons.join(', ')}.`];
}
