/** What a status says of the agent itself. */
import type { AgentStatus, Status } from '../../report/status.ts';
import { wrap } from '../paragraph.ts';
import { timeInWords } from '../words.ts';
import { indent } from './lines.ts';
import { size } from './size.ts';
import { span } from './span.ts';

export function agentLines(status: Status): readonly string[] {
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
