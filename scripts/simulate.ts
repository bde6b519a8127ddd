/** Replays a scenario with a fleet of simulated agents, prints what home says of it and when, and judges it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { eventInWords } from './simulate/in-words.ts';
import { judge, percent } from './simulate/judge.ts';
import { play, type Receiver, reducerAlone } from './simulate/play.ts';
import { readScenario } from './simulate/scenario.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Less or more than the scenario has. */
    agents: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** The incidents alone, without a home and its doors. */
    'no-http': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
});

const [path = 'scenarios/august-26.json'] = positionals;
const scenario = readScenario(
  existsSync(path) ? path : join(resolve(import.meta.dirname, 'simulate'), path),
);
const agents = Number(values.agents ?? scenario.agents);
say(
  `${scenario.name}: ${agents} agents, ${scenario.lasts}, ${values['no-http'] ? 'the incidents alone' : 'over HTTP'}`,
);
say(scenario.about);
const beganMs = performance.now();
const { receiver, close } = await openReceiver();
try {
  const { events, measures, reports } = await play(scenario, {
    agents,
    seed: Number(values.seed),
    receiver,
    onEvent: (event) => {
      const line = eventInWords(event);
      if (line !== undefined && !values.quiet) say(line);
    },
  });
  const seconds = (performance.now() - beganMs) / 1_000;
  say(`${reports} reports, ${events.length} events, in ${seconds.toFixed(1)} s`);
  say(
    `accepted again within one second, at most: ${measures.reconnectsPeak}, ${percent(measures.reconnectsPeak / agents)} of the fleet`,
  );
  say(`looks within one second, at most: ${measures.looksPeak}`);
  say(`memory ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MiB`);
  const faults = judge(scenario, agents, events, measures);
  for (const fault of faults) say(`WRONG ${fault}`);
  say(faults.length === 0 ? 'as it should be' : 'not as it should be');
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await close();
}

async function openReceiver(): Promise<{ receiver: Receiver; close: () => Promise<void> }> {
  return {
    receiver: reducerAlone({ maxStandings: 3 * agents + 10_000 }),
    close: async () => {},
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
