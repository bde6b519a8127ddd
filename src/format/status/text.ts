/** A status for a person: verdict and next step first, then targets, receivers, events, and the agent itself. */
import { plural } from '../../diagnosis/time.ts';
import type { AgentStatus, ReceiverStatus, Status, TargetStatus } from '../../report/status.ts';
import { type Paint, painter, type Style } from '../paint.ts';
import { wrap } from '../paragraph.ts';
import { outcomeWord, whoActs } from '../summary.ts';
import { timeInWords } from '../words.ts';
import { size } from './size.ts';
import { span } from './span.ts';
import { nextStep, verdictSentence, verdictWord } from './summary.ts';
import { troubleInWords } from './trouble.ts';

/** ANSI colours, for a terminal. */
export function statusText(status: Status, { colour }: { readonly colour: boolean }): string {
  const paint = painter(colour);
  const { time, targets, receivers } = status;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Targets', [...targets.flatMap((each) => targetLines(each, time, paint)), ...omitted(status)]],
    ['Receivers', receivers.flatMap((each) => receiverLines(each, time, paint))],
    ['Events', eventLines(status)],
    ['The agent', agentLines(status)],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([heading, lines]) => ['', paint('bold', heading), ...lines]);
  return `${[...summary(status, paint), ...body].join('\n')}\n`;
}

const verdictStyle = { good: 'green', troubled: 'red', unknown: 'yellow' } as const;

function summary(status: Status, paint: Paint): readonly string[] {
  const { verdict } = status;
  const word = verdictWord[verdict];
  return [
    ...begunBy(word, verdictStyle[verdict], wrap(`${word}: ${verdictSentence(status)}`, ''), paint),
    ...wrap(`Next: ${nextStep(status)}`, '', '      '),
  ];
}

/** Colours a word that the first line begins with, after its indent. */
function begunBy(
  word: string,
  style: Style,
  [first = '', ...rest]: readonly string[],
  paint: Paint,
): readonly string[] {
  return [first.replace(word, () => paint(style, word)), ...rest];
}

const indent = '    ';
const line = (text: string): readonly string[] => wrap(text, indent, `${indent}  `);

function targetLines(target: TargetStatus, now: string, paint: Paint): readonly string[] {
  const { label, outcome, since } = target;
  const name = wrap(label, '  ', indent);
  if (outcome === undefined) return [...name, ...line(unseen(target))];
  const word = outcomeWord[outcome];
  const begun = line(`${word} for ${span(since, now)}, since ${timeInWords(since ?? '')}.`);
  return [
    ...name,
    ...begunBy(word, outcome === 'accepted' ? 'green' : 'red', begun, paint),
    ...causeLines(target),
    ...rhythmLines(target, now),
  ];
}

function unseen({ lastAcceptedAt, attempts }: TargetStatus): string {
  const earlier =
    lastAcceptedAt === undefined ? '' : ` Last accepted ${timeInWords(lastAcceptedAt)}.`;
  return `${attempts === undefined ? '' : 'Not looked at yet.'}${earlier}`.trim();
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
  const next = nextLookAt === now ? 'the next now' : `the next in ${span(now, nextLookAt)}`;
  return line(`${last}, ${next}; ${plural(attempts, 'look')}.`);
}

function omitted({ targetsOmitted = 0 }: Status): readonly string[] {
  return targetsOmitted === 0 ? [] : wrap(`and ${plural(targetsOmitted, 'more target')}`, '  ');
}

function receiverLines(receiver: ReceiverStatus, now: string, paint: Paint): readonly string[] {
  const { name, trouble, lastSuccessTime } = receiver;
  const took =
    lastSuccessTime === undefined
      ? 'It never took reports.'
      : `It last took reports ${span(lastSuccessTime, now)} ago, ${timeInWords(lastSuccessTime)}.`;
  const body = [`${waitingInWords(receiver, now)} ${took}`, ...lostInWords(receiver)];
  const named = wrap(name, '  ', indent);
  if (!trouble) return [...named, ...body.flatMap(line)];
  const { code, status, error, since } = trouble;
  const codes = [
    code,
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(error ? [error] : []),
  ];
  const what = `It ${troubleInWords(code)} for ${span(since, now)}, since ${timeInWords(since)}`;
  const told = line(`Trouble: ${what} (${codes.join(', ')}).`);
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

function eventLines({ eventsDropped = {} }: Status): readonly string[] {
  return Object.entries(eventsDropped).flatMap(([where, count]) =>
    wrap(`${where}: ${count === 0 ? 'none' : count} dropped since the start`, '  '),
  );
}

function agentLines(status: Status): readonly string[] {
  const { agent, time } = status;
  return [...lifeInWords(agent, time), stateInWords(status), ...namesInWords(agent)].flatMap(
    (each) => wrap(each, '  ', indent),
  );
}

function stateInWords({ source, state }: Status): string {
  const { directory, durable, reason, error } = state;
  if (directory === undefined) return 'No state directory is configured, and none is usual.';
  const because = [reason, error].filter((part) => part !== undefined).join(', ');
  if (source === 'agent') {
    return durable ? `State in ${directory}.` : `No state is kept in ${directory}: ${because}.`;
  }
  return durable
    ? `It did not answer: all of this stands in ${directory}.`
    : `Nothing can be read in ${directory}: ${because}.`;
}

function lifeInWords(agent: AgentStatus, now: string): readonly string[] {
  const { startedAt, version, pid, memoryBytes } = agent;
  if (startedAt === undefined) return [];
  const memory = memoryBytes === undefined ? '' : ` Memory ${size(memoryBytes)}.`;
  const since = `${span(startedAt, now)}, since ${timeInWords(startedAt)}`;
  return [`Version ${version} runs as process ${pid} for ${since}.${memory}`];
}

function namesInWords({ id, runId, host, delegate }: AgentStatus): readonly string[] {
  const named = [
    ...(host === undefined ? [] : [`Host ${host}.`]),
    ...(delegate?.name === undefined ? [] : [`Delegate ${delegate.name}.`]),
    ...(delegate?.account === undefined ? [] : [`Account ${delegate.account}.`]),
  ];
  return [
    ...(named.length === 0 ? [] : [named.join(' ')]),
    ...(id === undefined ? [] : [`Agent ${id}.`]),
    ...(runId === undefined ? [] : [`Run ${runId}.`]),
  ];
}
