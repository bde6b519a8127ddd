/** The simulator's scenarios with small fleets and no doors between: what happened is said, and nothing else is. */
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
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
