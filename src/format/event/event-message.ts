/** An event in one line of words: what happened, where, why, and who must act. */
import { type EventCode, events, gravestChange } from '../../report/event.ts';
import type { PreflightFindings, Report } from '../../report/report.ts';
import { valueText } from './value-text.ts';

export function eventMessage(report: Report, code: EventCode): string {
  const { target, layer } = report;
  const isOfLook = layer !== undefined && layer !== 'local' && !report.preflight;
  const where = isOfLook ? `, at ${layer}` : '';
  return [
    `${events[code].title}: ${target.host} port ${target.port}${where}.`,
    ...lossInWords(report, code),
    ...changeInWords(report, code),
    ...newWarningsInWords(report),
    ...(report.preflight ? preflightInWords(report.preflight) : causeInWords(report)),
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

const maxChecks = 4;

/** How things stood before is no part of this news. */
function preflightInWords({ checks }: PreflightFindings): readonly string[] {
  const told = checks.slice(0, maxChecks).map(({ code, evidence }) => `${code}: ${evidence[0]}`);
  const rest = checks.length - told.length;
  return rest > 0 ? [...told, `And ${rest} more.`] : told;
}

function causeInWords({ outcome, cause }: Report): readonly string[] {
  if (cause) {
    return [`Cause: ${cause.title}; the ${cause.side} must act (${cause.confidence}).`];
  }
  return outcome === 'accepted' ? [] : ['Cause: not known.'];
}
