/** Where the events of `run` go: stdout, a log file, a syslog receiver, each in its own format and with a queue of its own. */
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Config } from '../config/config.ts';
import {
  type EventFormatName,
  eventFormats,
  type Format,
  isEventFormatName,
} from '../format/formats.ts';
import { isLineFormatName, type LineFormatName } from '../format/line-formats.ts';
import type { EventsDropped, Report } from '../report/report.ts';
import { openEventLog } from '../sink/log/event-log.ts';
import type { Ports } from './ports.ts';

export interface EventOutputs<Event = Report> {
  /** Never waits. */
  write(event: Event): void;
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
  readonly format: EventFormatName;
}

/** Where lines go. */
export type LinePlaces = Pick<
  Config,
  'logFile' | 'logFormat' | 'stdoutFormat' | 'syslog' | 'syslogContent'
>;
export type LinePorts = Pick<Ports, 'clock' | 'random' | 'log'>;

/** `content` is what stands within a syslog message. The result may end with a line feed. */
export type Render<Event> = (
  event: Event,
  format: EventFormatName,
  content: LineFormatName | undefined,
) => string;

/** Throws CannotRun when the log file cannot be opened. */
export function openEventOutputs(config: Config, ports: Ports): Promise<EventOutputs> {
  return openLineOutputs(config, ports, renderReport);
}

/** The same for events of another kind. */
export async function openLineOutputs<Event>(
  places: LinePlaces,
  ports: LinePorts,
  render: Render<Event>,
): Promise<EventOutputs<Event>> {
  const outputs = await openOutputs(places, ports);
  const { syslogContent = '' } = places;
  const content = isLineFormatName(syslogContent) ? syslogContent : undefined;
  return {
    write: (event) => {
      for (const { lines, format } of outputs) {
        lines.write(render(event, format, content).replace(/\n$/, ''));
      }
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

async function openOutputs(places: LinePlaces, ports: LinePorts): Promise<readonly Output[]> {
  const { logFile, logFormat, stdoutFormat, syslog } = places;
  const outputs: Output[] = [];
  if (logFile !== undefined && logFormat !== undefined) {
    const lines = await openFile(logFile, ports);
    outputs.push({ name: 'file', lines, format: formatOf(logFormat) });
  }
  if (stdoutFormat !== undefined) {
    const lines = await openEventLog({ clock: ports.clock, ...tellTrouble(ports, 'stdout') });
    outputs.push({ name: 'stdout', lines, format: formatOf(stdoutFormat) });
  }
  if (syslog) {
    const { SyslogSender } = await import('../sink/syslog/syslog-sender.ts');
    const { clock, random } = ports;
    const lines = new SyslogSender({ syslog, clock, random, ...tellTrouble(ports, 'syslog') });
    outputs.push({ name: 'syslog', lines, format: 'syslog' });
  }
  return outputs;
}

async function openFile(file: string, ports: LinePorts): Promise<Lines> {
  try {
    return await openEventLog({ file, clock: ports.clock, ...tellTrouble(ports, 'file') });
  } catch (error) {
    const what = `it cannot be written (${errorCode(error)})`;
    const expected = 'a file that this user may append to';
    throw new CannotRun([{ where: '--log-file', what, expected }], { cause: error });
  }
}

function tellTrouble(
  { log }: LinePorts,
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

function formatOf(name: string): EventFormatName {
  return isEventFormatName(name) ? name : 'json';
}

function renderReport(
  report: Report,
  name: EventFormatName,
  syslogContent: LineFormatName | undefined,
): string {
  const format: Format = eventFormats[name];
  return format(report, { colour: false, verbose: false, ...(syslogContent && { syslogContent }) });
}
