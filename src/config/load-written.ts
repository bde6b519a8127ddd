/** How reports are written, and where the events of `run` go. */
import type { Config } from './config.ts';
import { type Findings, type Setting, type Sources, settle } from './settings.ts';

type Written = Pick<Config, 'format' | 'logFile' | 'logFormat' | 'stdoutFormat' | 'syslogContent'>;

/** What is wrong is pushed to the findings, with which nothing goes on. */
export function loadWritten(sources: Sources, findings: Findings): Written {
  const format = settle('format', sources, findings);
  const content = settle('syslogContent', sources, findings);
  return {
    format: format?.value ?? '',
    ...(content && { syslogContent: content.value }),
    ...loadEvents(format, sources, findings),
  };
}

/** Beside a log file stdout is silent, unless a format is said for each of the two. */
function loadEvents(
  format: Setting<string> | undefined,
  sources: Sources,
  findings: Findings,
): Partial<Written> {
  const logFile = settle('logFile', sources, findings);
  const logFormat = settle('logFormat', sources, findings);
  const stdoutFormat = format?.value ?? '';
  if (!logFile) {
    if (logFormat && sources.command === 'run') {
      const what = 'stands without a log file';
      findings.problems.push({ where: logFormat.origin, what, expected: '--log-file FILE' });
    }
    return { stdoutFormat };
  }
  const isEachSaid = logFormat !== undefined && format?.origin !== 'default';
  return {
    logFile: logFile.value,
    logFormat: logFormat?.value ?? stdoutFormat,
    ...(isEachSaid && { stdoutFormat }),
  };
}

/** Where `home` writes its events: nowhere, unless it is told to. */
export type HomeEvents = Pick<Config, 'logFile' | 'logFormat' | 'stdoutFormat' | 'syslogContent'>;

export function loadHomeEvents(sources: Sources, findings: Findings): HomeEvents {
  const stdoutFormat = settle('homeFormat', sources, findings)?.value;
  const logFile = settle('homeLogFile', sources, findings);
  const logFormat = settle('logFormat', sources, findings);
  const content = settle('syslogContent', sources, findings);
  if (logFormat && !logFile && sources.given.logFormat !== undefined) {
    const what = 'stands without a log file';
    findings.problems.push({ where: logFormat.origin, what, expected: '--log-file FILE' });
  }
  return {
    ...(stdoutFormat !== undefined && { stdoutFormat }),
    ...(content && { syslogContent: content.value }),
    ...(logFile && {
      logFile: logFile.value,
      logFormat: logFormat?.value ?? stdoutFormat ?? 'json',
    }),
  };
}
