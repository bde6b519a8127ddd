/** A status in two sentences: what it comes to, and the next step. */
import type { ReceiverStatus, Status, StatusFinding, TargetStatus } from '../../report/status.ts';
import { troubleRemedy } from './trouble.ts';

export const verdictWord = {
  good: 'Good',
  troubled: 'Trouble',
  unknown: 'Unknown',
} as const satisfies Record<Status['verdict'], string>;

export function verdictSentence(status: Status): string {
  const [first] = status.findings;
  if (first) return sentences[first](status);
  const reports = status.receivers.length > 0 ? ', and reports get where they are to go' : '';
  const and = reports === '' ? ' and' : ',';
  return `the agent runs${and} every target accepts this delegate${reports}.`;
}

const sentences: Readonly<Record<StatusFinding, (status: Status) => string>> = {
  'agent-not-running': ({ state }) => `no agent runs with ${state.directory}.`,
  'target-not-accepted': ({ targets }) => {
    const some = targets.filter(isNotAccepted).map(({ label }) => label);
    return `${someOf(some, targets.length, 'targets')} not accept this delegate.`;
  },
  'receiver-troubled': ({ receivers }) => {
    const some = receivers.filter(isTroubled).map(({ name }) => name);
    return `${someOf(some, receivers.length, 'receivers')} not take reports.`;
  },
  'state-not-kept': ({ state }) => `the agent can keep nothing in ${state.directory}.`,
  'agent-not-answering': ({ state }) => `an agent runs with ${state.directory}, and says nothing.`,
  'state-not-readable': ({ state }) => notReadable(state),
  'target-not-seen': () => 'the agent runs, and its first looks are not over.',
};

function notReadable({ directory, durable, reason }: Status['state']): string {
  if (directory === undefined) return 'no state directory is known, so no agent can be asked.';
  if (reason === 'not-writable') {
    return `nothing can be written in ${directory}, so that an agent may run with it unseen.`;
  }
  if (durable) return `${directory} has reports of single looks, and no agent's lock.`;
  return `${directory} does not tell of an agent (${reason}).`;
}

/** `https://gateway:8443/ does`, `2 of 3 targets do`. */
function someOf(names: readonly string[], all: number, nouns: string): string {
  const [only] = names;
  return names.length === 1 ? `${only} does` : `${names.length} of ${all} ${nouns} do`;
}

export function nextStep(status: Status): string {
  const [first] = status.findings;
  return first ? steps[first](status) : 'nothing to do.';
}

const steps: Readonly<Record<StatusFinding, (status: Status) => string>> = {
  'agent-not-running': () =>
    'start it (sidelight run), or name the directory of the one that is meant with --state-dir.',
  'target-not-accepted': ({ targets }) =>
    targets.find((target) => isNotAccepted(target) && target.cause)?.cause?.remedy ??
    'look with sidelight check --verbose, and send the report to support.',
  'receiver-troubled': ({ receivers }) => troubleRemedy(receivers.find(isTroubled)?.trouble?.code),
  'state-not-kept': ({ state: { reason } }) => {
    if (reason === 'disk-takes-nothing') {
      return 'make room on its disk: what waits in memory is written there within a second.';
    }
    if (reason === 'not-writable') {
      return 'let its user write there, or make room: what waits in memory is written there within a second.';
    }
    return 'give it a directory of its own, and start it anew: what waits now ends with it.';
  },
  'agent-not-answering': () => 'ask again in a moment, as the user that it runs as.',
  'state-not-readable': () =>
    'name its directory with --state-dir, as the user that it runs as. An agent that can write to none cannot be asked: its log and its metrics speak for it.',
  'target-not-seen': () => 'ask again in a moment.',
};

export function isNotAccepted({ outcome }: TargetStatus): boolean {
  return outcome !== undefined && outcome !== 'accepted';
}

function isTroubled({ trouble }: ReceiverStatus): boolean {
  return trouble !== undefined;
}
