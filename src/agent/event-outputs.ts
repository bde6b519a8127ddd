/** Where the events of `run` go: stdout, a log file or both, each in its own format and with a queue of its own. */
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Config } from '../config/config.ts';
import { eventFormats, type Format, isEventFormatName } from '../format/formats.ts';
import { isLineFormatName } from '../format/line-formats.ts';
import type { Report } from '../report/report.ts';
import { type EventLog, openEventLog } from '../sink/log/event-log.ts';
import type { Ports } from './ports.ts';

export interface EventOutputs {
  /** Never waits. */
  write(report: Report): void;
  /** Opens files anew, for those who rotate logs. */
  reopen(): void;
  /** Lines that no reader will see, of all outputs since the start. */
  dropped(): number;
  /** Waits until the queues are written, at most `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

interface Output {
  readonly log: EventLog;
  readonly render: (report: Report) => string;
}

/** Throws CannotRun when the log file cannot be opened. */
export async function openEventOutputs(config: Config, ports: Ports): Promise<EventOutputs> {
  const { logFile, logFormat, stdoutFormat } = config;
  const outputs: Output[] = [];
  if (logFile !== undefined && logFormat !== undefined) {
    outputs.push({ log: await openFile(logFile, ports), render: rendererOf(logFormat, config) });
  }
  if (stdoutFormat !== undefined) {
    const log = await openEventLog({ clock: ports.clock, onTrouble: tellTrouble(ports, 'stdout') });
    outputs.push({ log, render: rendererOf(stdoutFormat, config) });
  }
  return {
    write: (report) => {
      for (const { log, render } of outputs) log.write(render(report));
    },
    reopen: () => {
      for (const { log } of outputs) log.reopen();
    },
    dropped: () => outputs.reduce((sum, { log }) => sum + log.dropped(), 0),
    close: async (deadlineMs) => {
      await Promise.all(outputs.map(({ log }) => log.close(deadlineMs)));
    },
  };
}

async function openFile(file: string, ports: Ports): Promise<EventLog> {
  try {
    return await openEventLog({
      file,
      clock: ports.clock,
      onTrouble: tellTrouble(ports, 'the log file'),
    });
  } catch (error) {
    const what = `it cannot be written (${errorCode(error)})`;
    const expected = 'a file that this user may append to';
    throw new CannotRun([{ where: '--log-file', what, expected }], { cause: error });
  }
}

function tellTrouble({ log }: Ports, where: string): (code: string) => void {
  return (code) => log.warn('events cannot be written', { where, code });
}

/** An event on one line, without its line end. */
function rendererOf(name: string, { syslogContent = '' }: Config): Output['render'] {
  const format: Format = isEventFormatName(name) ? eventFormats[name] : eventFormats.json;
  const options = {
    colour: false,
    verbose: false,
    ...(isLineFormatName(syslogContent) && { syslogContent }),
  };
  return (report) => format(report, options).replace(/\n$/, '');
}
