/** The events of a running home as lines: on stdout, in a file, to a syslog receiver, in the formats of the agent's. */
import type { ProgramLog } from '../agent/ports.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { HomeServerConfig } from '../config/load-home-server.ts';
import type { Home } from '../home/start-home.ts';
import type { IncidentRecord } from '../report/incident-record.ts';
import { checkAppendable } from './check-appendable.ts';

export interface HomeEvents {
  /** Opens files anew, for those who rotate logs. */
  reopen(): void;
  /** Whether the process can end by itself after that: a thread that waits for a reader is waited for. */
  close(): Promise<boolean>;
}

const closeMs = 1_000;

/** Loads nothing where nothing is to be written. Throws CannotRun when the log file cannot be opened; home is closed then. */
export async function openHomeEvents(
  places: HomeServerConfig['events'],
  home: Home,
  log: ProgramLog,
): Promise<HomeEvents> {
  const { logFile, stdoutFormat, syslog } = places;
  if (logFile === undefined && stdoutFormat === undefined && !syslog) {
    return { reopen: () => {}, close: async () => true };
  }
  try {
    return await openLines(places, home, log);
  } catch (error) {
    await home.close();
    throw error;
  }
}

async function openLines(
  places: HomeServerConfig['events'],
  home: Home,
  log: ProgramLog,
): Promise<HomeEvents> {
  if (places.logFile !== undefined) checkAppendable(places.logFile, '--log-file');
  const { openLineOutputs } = await import('../agent/event-outputs.ts');
  const { formatIncident } = await import('../format/incident/formats.ts');
  const ports = { clock: systemClock, random: systemRandom, log };
  const outputs = await openLineOutputs<IncidentRecord>(places, ports, formatIncident);
  const end = home.announcer.onRecords((records) => {
    for (const record of records) outputs.write(record);
  });
  return {
    reopen: () => outputs.reopen(),
    close: () => {
      end();
      return outputs.close(closeMs);
    },
  };
}
