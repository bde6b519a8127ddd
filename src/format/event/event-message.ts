/** An event in one line of words: what happened, where, why, and who must act. */
import { type EventCode, events, gravestChange } from '../../report/event.ts';
import type { Report } from '../../report/report.ts';
import { valueText } from './value-text.ts';

export function eventMessage(report: Report, code: EventCode): string {
  const { target, layer } = report;
  const where = layer === undefined || layer === 'local' ? '' : `, at ${layer}`;
  return [
    `${events[code].title}: ${target.host} port ${target.port}${where}.`,
    ...lossInWords(report, code),
    ...changeInWords(report, code),
    ...newWarningsInWords(report),
    ...causeInWords(report),
  ].join(' ');
}

function lossInWords({ delivery }: Report, code: EventCode): readonly string[] {
  if (code !== 'reports-lost') return [];
  return [`Lost since the last heartbeat: ${delivery?.newlyLost ?? 0}.`];
}

/** Only where the change is the event: anywhere else it is one fact among others. */
function changeInWords(report: Report, code: EventCode): readonly string[] {
  const change = code.endsWith('-changed') ? gravestChange(report) : undefined;
  if (!change) return [];
  return [`It was ${valueText(change.before)}, and is ${valueText(change.now)}.`];
}

function newWarningsInWords({ attempt, warnings }: Report): readonly string[] {
  return warnings
    .filter(({ code }) => attempt.newWarnings?.includes(code))
    .map(({ title, evidence }) => `${title}. ${evidence}`);
}

function causeInWords({ outcome, cause }: Report): readonly string[] {
  if (cause) {
    return [`Cause: ${cause.title}; the ${cause.side} must act (${cause.confidence}).`];
  }
  return outcome === 'accepted' ? [] : ['Cause: not known.'];
}
