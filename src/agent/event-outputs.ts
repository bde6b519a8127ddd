/** Where the events of `run` go: stdout, a log file, a syslog receiver, each in its own format and with a queue of its own. */
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Config } from '../config/config.ts';
import { eventFormats, type Format, isEventFormatName } from '../format/formats.ts';
import { isLineFormatName } from '../format/line-formats.ts';
import type { EventsDropped, Report } from '../report/report.ts';
import { openEventLog } from '../sink/log/event-log.ts';
import type { Ports } from './ports.ts';

export interface EventOutputs {
  /** Never waits. */
  write(report: Report): void;
  /** Opens files anew, for those who rotate logs. */
  reopen(): void;
  /** Events that no reader will see, since the start, by each place that events go to. */
  dropped(): EventsDropped;
  /** Waits until the queues are written, at most `deadlineMs`; whether the process can end by itself after that. */
  close(deadlineMs: number): Promise<boolean>;
}

type SinkName = keyof EventsDropped;

/** A sink of lines. */
interface Lines {
  write(line: string): void;
  reopen?(): void;
  dropped(): number;
  close(deadlineMs: number): Promise<boolean>;
  /** Whether a write that nobody reads holds up the end of the process. */
  readonly mayBlock?: boolean;
}

interface Output {
  readonly name: SinkName;
  readonly lines: Lines;
  readonly render: (report: Report) => string;
}

/** Throws CannotRun when the log file cannot be opened. */
export async function openEventOutputs(config: Config, ports: Ports): Promise<EventOutputs> {
  const outputs = await openOutputs(config, ports);
  return {
    write: (report) => {
      for (const { lines, render } of outputs) lines.write(render(report));
    },
    reopen: () => {
      for (const { lines } of outputs) lines.reopen?.();
    },
    dropped: () => Object.fromEntries(outputs.map(({ name, lines }) => [name, lines.dropped()])),
    close: async (deadlineMs) => {
      const ends = outputs.map(async ({ lines }) => {
        const isWritten = await lines.close(deadlineMs);
        return isWritten || lines.mayBlock !== true;
      });
      return (await Promise.all(ends)).every((canEnd) => canEnd);
    },
  };
}

async function openOutputs(config: Config, ports: Ports): Promise<readonly Output[]> {
  const { logFile, logFormat, stdoutFormat, syslog } = config;
  const outputs: Output[] = [];
  if (logFile !== undefined && logFormat !== undefined) {
    const lines = await openFile(logFile, ports);
    outputs.push({ name: 'file', lines, render: rendererOf(logFormat, config) });
  }
  if (stdoutFormat !== undefined) {
    const lines = await openEventLog({ clock: ports.clock, ...tellTrouble(ports, 'stdout') });
    outputs.push({ name: 'stdout', lines, render: rendererOf(stdoutFormat, config) });
  }
  if (syslog) {
    const { SyslogSender } = await import('../sink/syslog/syslog-sender.ts');
    const { clock, random } = ports;
    const lines = new SyslogSender({ syslog, clock, random, ...tellTrouble(ports, 'syslog') });
    outputs.push({ name: 'syslog', lines, render: rendererOf('syslog', config) });
  }
  return outputs;
}

async function openFile(file: string, ports: Ports): Promise<Lines> {
  try {
    return await openEventLog({ file, clock: ports.clock, ...tellTrouble(ports, 'file') });
  } catch (error) {
    const what = `it cannot be written (${errorCode(error)})`;
    const expected = 'a file that this user may append to';
    throw new CannotRun([{ where: '--log-file', what, expected }], { cause: error });
  }
}

function tellTrouble(
  { log }: Ports,
  where: SinkName,
): { readonly onTrouble: (code: string) => void; readonly onLoss: (events: number) => void } {
  return {
    onTrouble: (code) => {
      if (code === 'none') log.info('events can be written again', { where });
      else log.warn('events cannot be written', { where, code });
    },
    onLoss: (events) =>
      log.warn('events were lost, because their reader was slow or away', { where, events }),
  };
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
