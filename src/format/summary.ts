/** The report in three sentences: outcome, cause with the side that must act, and the next step. */
import type { Side } from '../diagnosis/cause.ts';
import type { Layer, Outcome } from '../evidence/evidence.ts';
import type { Report } from '../report/report.ts';
import { safeLine } from './paragraph.ts';

export const outcomeWord = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  failed: 'Failed',
  unconfirmed: 'Unconfirmed',
} as const satisfies Record<Outcome, string>;

export const whoActs = {
  delegate: 'this side, the delegate, must act',
  network: 'the network must act',
  proxy: 'the proxy must act',
  gateway: 'the gateway must act',
} as const satisfies Record<Side, string>;

export function outcomeSentence({ outcome, layer, target }: Report): string {
  const gateway = safeLine(`${target.host} port ${target.port}`);
  const where = layer === undefined ? '' : safeLine(` (stopped at ${layerInWords(layer)})`);
  switch (outcome) {
    case 'accepted':
      return `${gateway} accepts this delegate.`;
    case 'rejected':
      return `${gateway} refused this delegate${where}.`;
    case 'failed':
      return `${gateway} gave no verdict about this delegate${where}.`;
    case 'unconfirmed':
      return `${gateway} neither accepted nor refused this delegate${where}.`;
  }
}

function layerInWords(layer: Layer): string {
  return layer === 'local' ? 'our own files' : layer;
}

export function causeSentence(report: Report): string {
  const { outcome, cause } = report;
  if (cause) return `${cause.title}; ${whoActs[cause.side]} (${cause.confidence}).`;
  if (isDelegateWorseOff(report)) {
    return 'none for us, but the Java delegate itself would not be accepted; the delegate side must act.';
  }
  if (outcome === 'accepted') return 'none; nobody needs to act.';
  return 'not known; nothing in the catalogue fits what was seen.';
}

export function nextStep(report: Report): string {
  const { outcome, cause, warnings } = report;
  if (cause) return cause.remedy;
  if (outcome !== 'accepted') return 'look again with --verbose, and send the report to support.';
  if (isDelegateWorseOff(report)) return 'mind what would stop the delegate itself, below.';
  return warnings.length > 0 ? 'nothing now, but mind the warnings below.' : 'nothing to do.';
}

const delegateOutcome = {
  accepted: 'It would be accepted',
  rejected: 'It would be refused',
  failed: 'It would fail',
  unconfirmed: 'Whether it would be accepted is not known',
} as const satisfies Record<Outcome, string>;

/** What the Java delegate would see; undefined where nothing speaks of one. */
export function delegateSentence({ delegateView }: Report): string | undefined {
  return delegateView && `${delegateOutcome[delegateView.outcome]}. ${delegateView.because}`;
}

/** Whether the delegate fares worse than we do: then an acceptance of ours is half of the answer. */
export function isDelegateWorseOff({ outcome, delegateView }: Report): boolean {
  const theirs = delegateView?.outcome;
  return outcome === 'accepted' && (theirs === 'failed' || theirs === 'rejected');
}
