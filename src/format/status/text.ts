/** A status for a person: verdict and next step first, then targets, receivers, events, and the agent itself. */
import { plural } from '../../diagnosis/time.ts';
import type { Status } from '../../report/status.ts';
import { type Paint, painter } from '../paint.ts';
import { wrap } from '../paragraph.ts';
import { agentLines } from './agent-lines.ts';
import { begunBy } from './lines.ts';
import { receiverLines } from './receiver-lines.ts';
import { nextStep, verdictSentence, verdictWord } from './summary.ts';
import { targetLines } from './target-lines.ts';

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

function omitted({ targetsOmitted = 0 }: Status): readonly string[] {
  return targetsOmitted === 0 ? [] : wrap(`and ${plural(targetsOmitted, 'more target')}`, '  ');
}

function eventLines({ eventsDropped = {} }: Status): readonly string[] {
  return Object.entries(eventsDropped).flatMap(([where, count]) =>
    wrap(`${where}: ${count === 0 ? 'none' : count} dropped since the start`, '  '),
  );
}
