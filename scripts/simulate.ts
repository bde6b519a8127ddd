/** Replays a scenario with a fleet of simulated agents, prints what home says of it and when, and judges it. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventInWords } from './simulate/in-words.ts';
import { judge, percent } from './simulate/judge.ts';
import { homeElsewhere, homeInProcess, type OverHttp } from './simulate/over-http.ts';
import { play, type Receiver, reducerAlone } from './simulate/play.ts';
import { readScenario } from './simulate/scenario.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Less or more than the scenario has. */
    agents: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** The incidents alone, without a home and its doors. */
    /** A home that runs already, in place of one in this process; what it says is not judged. */
    home: { type: 'string' },
    'token-file': { type: 'string' },
    /** With `--home`: how many seconds of the scenario pass in one. */
    speed: { type: 'string', default: '1' },
    /** Reports are brought home in steps of so many seconds: fewer and larger ones take less time. */
    step: { type: 'string', default: '1' },
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
    stepSeconds: Number(values.step),
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
  if (values.home === undefined) {
    const faults = judge(scenario, agents, events, measures);
    for (const fault of faults) say(`WRONG ${fault}`);
    say(faults.length === 0 ? 'as it should be' : 'not as it should be');
    process.exitCode = faults.length === 0 ? 0 : 1;
  }
} finally {
  await close();
}

async function openReceiver(): Promise<OverHttp> {
  if (values['no-http']) {
    const receiver = reducerAlone({ maxStandings: 3 * agents + 10_000 });
    return { receiver, close: async () => {} };
  }
  if (values.home === undefined) return homeInProcess(Date.parse(scenario.start));
  const file = values['token-file'];
  const token = file === undefined ? undefined : readFileSync(file, 'utf8').trim();
  const { receiver, close } = homeElsewhere(values.home, token);
  const { speed } = values;
  return { receiver: atPace(receiver, Number(speed)), close };
}

/** A home of its own has a clock of its own: the scenario's seconds take their time, divided by `speed`. */
function atPace(receiver: Receiver, speed: number): Receiver {
  return {
    second: async (sent, nowMs) => {
      const [events] = await Promise.all([receiver.second(sent, nowMs), sleep(1_000 / speed)]);
      return events;
    },
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
