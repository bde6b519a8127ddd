/** An event in one line of words: what happened, where, why, and who must act. */
import { type EventCode, events } from '../../report/event.ts';
import type { Report } from '../../report/report.ts';

export function eventMessage(report: Report, code: EventCode): string {
  const { target, layer } = report;
  const where = layer === undefined ? '' : `, at ${layer}`;
  return [
    `${events[code].title}: ${target.host} port ${target.port}${where}.`,
    ...lossInWords(report, code),
    ...newWarningsInWords(report),
    ...causeInWords(report),
  ].join(' ');
}

function lossInWords({ delivery }: Report, code: EventCode): readonly string[] {
  if (code !== 'reports-lost') return [];
  return [`Lost since the last heartbeat: ${delivery?.newlyLost ?? 0}.`];
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
