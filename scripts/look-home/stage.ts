/** A home with a fleet and its last hour: a gateway that lets nobody in, an office that was offline, one that fell silent, and a hostile sender. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoTime, systemClock } from '../../src/base/clock.ts';
import { type Home, type HomeOptions, startHome } from '../../src/home/start-home.ts';
import { readReports } from '../../src/report/read-reports.ts';
import type { Report } from '../../src/report/report.ts';
import { corpus } from '../../test/report/corpus.ts';
import { attack, hostileReport } from '../../test/report/hostile.ts';
import { type Sent, simulateFleet } from '../simulate/agents.ts';
import { templateOf } from '../simulate/conditions.ts';
import type { Scenario } from '../simulate/scenario.ts';
import { MovingClock } from './moving-clock.ts';

const minute = 60_000;
const lastsMs = 60 * minute;

export interface Stage {
  readonly home: Home;
  close(): Promise<void>;
}

function scenarioFrom(startMs: number): Scenario {
  return {
    name: 'the last hour',
    about: '',
    start: isoTime(startMs),
    lasts: '1h',
    agents: 0,
    accounts: 400,
    interval: '60s',
    heartbeat: '10m',
    nodes: ['openssl', 'openssl', 'openssl', 'go', 'nginx'],
    withoutBaseline: 0.1,
    happenings: [
      { what: 'way-lost', at: '8m', lasts: '12m', account: 3 },
      { what: 'down', at: '26m', lasts: '2h', account: 7 },
      { what: 'certificate-expired', at: '20m', lasts: '2h', agents: 3, spread: '15m' },
      { what: 'wrong-client-ca', at: '38m', lasts: '2h' },
    ],
    expect: { incidents: [] },
  };
}

/** A home whose fleet has `delegates`; with none, an empty one. */
export async function setStage(
  delegates: number,
  options: Partial<HomeOptions> = {},
): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'look-home-'));
  const startMs = systemClock.now() - lastsMs;
  const clock = new MovingClock(startMs);
  const home = await startHome({
    listen: { host: '127.0.0.1', port: 0 },
    dataDir: directory,
    clock,
    ...options,
    onFault: (error) => {
      throw error;
    },
  });
  if (delegates > 0) await play(home, clock, delegates, startMs);
  clock.release();
  return {
    home,
    close: async () => {
      try {
        await home.close();
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

async function play(home: Home, clock: MovingClock, delegates: number, startMs: number) {
  const fleet = simulateFleet(scenarioFrom(startMs), delegates, 1);
  for (let nowMs = startMs; nowMs < startMs + lastsMs; nowMs += 1_000) {
    const { sent } = fleet.second(nowMs);
    clock.moveTo(nowMs + 1_000);
    await bring(home, sent);
  }
  await bring(home, hostile());
  await bring(home, namesakes());
}

/** Each by a sender of its own, so that nobody is held to another's ration. */
export async function bring(home: Home, sent: readonly Pick<Sent, 'source' | 'report'>[]) {
  const taken = await Promise.all(
    sent.map(({ source, report }) => {
      const event = {
        ...{ specversion: '1.0', id: report.id, source, type: 'io.sidelight.report.v1' },
        ...{ time: report.time, data: report },
      };
      return home.intake.take([event], { name: source, identity: source });
    }),
  );
  const lost = taken.filter((each) => each.kind !== 'taken' || each.stored.length !== 1);
  if (lost.length > 0) throw new Error(`home did not take a report: ${JSON.stringify(lost[0])}`);
}

export const hostileSource = 'urn:sidelight:agent:"><script>alert(3)</script>';

/** Three delegates that say the same attack are an incident; the last one's report keeps to the schema as well. */
function hostile(): readonly Pick<Sent, 'source' | 'report'>[] {
  const time = isoTime(systemClock.now());
  const plain = corpus['client-ca-changed'] as Report;
  const wellFormed = asFarAsItFits(plain, hostileReport, (report) => isReport(report)) as Report;
  return [1, 2, 3].map((number) => ({
    source: `${hostileSource}${number}`,
    report: {
      ...(number === 3 ? wellFormed : hostileReport),
      id: `hostile-${number}`,
      time,
      agent: { ...hostileReport.agent, delegate: { name: attack, account: attack } },
    },
  }));
}

/** Looks at several targets, by a clock that is hours behind. */
export const busySource = 'urn:sidelight:agent:vm-1';

/** Three agents on machines of one name. */
function namesakes(): readonly Pick<Sent, 'source' | 'report'>[] {
  const hosts = ['gateway.example', 'eu.gateway.example', 'us.gateway.example'];
  return [
    ...hosts.map((host) => oneOf(busySource, host)),
    ...[2, 3].map((number) => oneOf(`urn:sidelight:agent:vm-${number}`, 'gateway.example')),
  ];
}

/** What it sees of one of its targets. */
export function oneOf(source: string, host: string, number = 0): Pick<Sent, 'source' | 'report'> {
  const template = templateOf('accepted', 'go', true);
  const url = `https://${host}:8443/`;
  return {
    source,
    report: {
      ...template,
      id: `${source} ${host} ${number}`,
      time: isoTime(systemClock.now() - 200 * minute),
      agent: { name: 'sidelight', version: '0.1.0', host: 'vm' },
      target: { url, host, port: 8443, serverName: host },
    },
  };
}

function isReport(value: unknown): boolean {
  return readReports(JSON.stringify(value)).reports.length === 1;
}

/** `plain` with as much of `wanted` as leaves it what `fits` asks for. */
function asFarAsItFits(
  plain: unknown,
  wanted: unknown,
  fits: (whole: unknown) => boolean,
): unknown {
  if (fits(wanted)) return wanted;
  if (!isRecord(plain) || !isRecord(wanted)) return plain;
  let whole: Record<string, unknown> = { ...plain };
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(plain, name)) continue;
    const before = whole;
    const put = (part: unknown): Record<string, unknown> => ({ ...before, [name]: part });
    whole = put(asFarAsItFits(plain[name], value, (part) => fits(put(part))));
  }
  return whole;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
