/** The simulator's scenarios with small fleets and no doors between: what happened is said, and nothing else is. */
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { simulateFleet } from '../../../scripts/simulate/agents.ts';
import { conditionNames, templateOf } from '../../../scripts/simulate/conditions.ts';
import { judge } from '../../../scripts/simulate/judge.ts';
import { play, reducerAlone } from '../../../scripts/simulate/play.ts';
import { readScenario, type Scenario } from '../../../scripts/simulate/scenario.ts';
import { findShapeFault } from '../../../src/report/conforms.ts';
import { reportSchema } from '../../../src/report/schema.ts';

const scenarios = resolve(import.meta.dirname, '../../../scripts/simulate/scenarios');

async function judged(scenario: Scenario, agents: number): Promise<readonly string[]> {
  const receiver = reducerAlone();
  const { events, measures } = await play(scenario, { agents, seed: 7, receiver });
  return judge(scenario, agents, events, measures);
}

test.for(['august-26', 'april-29'])('%s is one incident that says what it is', async (name) => {
  const scenario = readScenario(join(scenarios, `${name}.json`));
  expect(await judged(scenario, 300)).toEqual([]);
});

/** Three days of it, in which the office is in trouble; the simulator plays it whole. */
test.for(['ordinary-week', 'ordinary-week-cut-off'])('%s has no false incident', async (name) => {
  const scenario = readScenario(join(scenarios, `${name}.json`));
  expect(
    await judged({ ...scenario, heartbeat: '15m', lasts: '3d', expect: patient(scenario) }, 60),
  ).toEqual([]);
});

/** Silence is noticed by the heartbeats, which are fewer here. */
function patient({ expect: expected }: Scenario): Scenario['expect'] {
  return {
    incidents: expected.incidents.map((each) =>
      each.kind === 'silence' ? { ...each, opensWithin: '75m' } : each,
    ),
  };
}

test('a scenario that expects something else is found wrong', async () => {
  const scenario = readScenario(join(scenarios, 'august-26.json'));
  const [incident] = scenario.expect.incidents;
  const wrong = { ...incident, alert: 45, side: 'delegate', opensWithin: '0s' } as typeof incident;
  const other = { ...scenario, expect: { incidents: wrong ? [wrong] : [] } };
  expect(await judged(other, 100)).toEqual([
    expect.stringContaining('side is gateway'),
    expect.stringContaining('alert is 48'),
    expect.stringContaining('not within 0s'),
  ]);
  const quiet = { ...scenario, expect: { incidents: [] } };
  expect(await judged(quiet, 100)).toEqual([expect.stringContaining('false incident')]);
});

const seen = [...conditionNames, 'accepted'] as const;

test.for(seen)('a simulated report of %s is a true report', (condition) => {
  for (const node of ['openssl', 'go', 'nginx'] as const) {
    for (const hasBaseline of [true, false]) {
      const report = templateOf(condition, node, hasBaseline);
      expect(findShapeFault(JSON.parse(JSON.stringify(report)), reportSchema)).toBeUndefined();
      expect(report.outcome === 'accepted').toBe(condition === 'accepted');
    }
  }
});

test('what a simulated agent reports of itself, of its past and of the wire agrees', () => {
  const scenario = readScenario(join(scenarios, 'august-26.json'));
  const happenings = [
    ...scenario.happenings,
    { what: 'certificate-expired', at: '5m', lasts: '10m', agents: 3, spread: '5m' } as const,
  ];
  const fleet = simulateFleet({ ...scenario, happenings }, 30, 7);
  const startMs = Date.parse(scenario.start);
  const reports = Array.from(
    { length: 3_600 },
    (_, second) => fleet.second(startMs + second * 1_000).sent,
  ).flatMap((sent) => sent.map(({ report }) => report));
  const causes = new Set(reports.map(({ cause }) => cause?.code));
  expect(causes).toContain('client-certificate-expired');
  expect(causes).toContain('gateway-client-ca-changed');
  for (const report of reports) {
    const { agent, clientCertificate, credential, alerts, tls, lastAcceptedAt } = report;
    const name = agent.delegate?.name;
    expect(clientCertificate?.subject).toBe(`CN=${name},O=Example`);
    expect(credential.chain?.[0]?.sha256).toBe(clientCertificate?.sha256);
    expect(JSON.stringify(report).match(/CN=delegate-\d+/g)).toEqual(
      expect.not.arrayContaining([expect.not.stringMatching(`^CN=${name}$`)]),
    );
    const isExpired = (clientCertificate?.notAfter ?? '') < report.time;
    expect(isExpired).toBe(report.cause?.code === 'client-certificate-expired');
    expect(alerts.length > 0).toBe(tls?.ended?.how === 'alert');
    const drawn = tls?.transcript.filter((message) => message.name === 'alert');
    expect(drawn?.map(({ atMs }) => atMs)).toEqual(alerts.map(({ atMs }) => atMs));
    expect(lastAcceptedAt === undefined || lastAcceptedAt < report.time).toBe(true);
    const [, told] = /last accepted look at (\d\d:\d\d)/.exec(JSON.stringify(report)) ?? [];
    expect(told ?? lastAcceptedAt?.slice(11, 16)).toBe(lastAcceptedAt?.slice(11, 16));
  }
});
