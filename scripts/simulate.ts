/** Replays a scenario with a fleet of simulated agents, prints what home says of it and when, and judges it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotRun } from '../src/base/cannot-run.ts';
import { isoTime } from '../src/base/clock.ts';
import { printFailure } from '../src/cli/print-failure.ts';
import { processIo } from '../src/cli/process-io.ts';
import { eventInWords } from './simulate/in-words.ts';
import { judge, percent } from './simulate/judge.ts';
import { homeElsewhere, homeInProcess, type OverHttp } from './simulate/over-http.ts';
import { play, type Receiver, reducerAlone } from './simulate/play.ts';
import { readSettings, type Settings } from './simulate/settings.ts';

try {
  await simulate(readSettings(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  printFailure(error, processIo());
  process.exitCode = 2;
}

async function simulate(settings: Settings): Promise<void> {
  const { agents, seed, stepSeconds, isQuiet, home } = settings;
  const isElsewhere = typeof home === 'object';
  // What agents tell a home that runs now happens now.
  const now = isoTime(1_000 * Math.ceil(Date.now() / 1_000));
  const scenario = isElsewhere ? { ...settings.scenario, start: now } : settings.scenario;
  const way = home === 'none' ? 'the incidents alone' : 'over HTTP';
  say(`${scenario.name}: ${agents} agents, ${scenario.lasts}, ${way}`);
  say(scenario.about);
  const beganMs = performance.now();
  const { receiver, greet, close } = await openReceiver({ ...settings, scenario });
  try {
    await greet();
    const { events, measures, reports } = await play(scenario, {
      ...{ agents, seed, receiver, stepSeconds },
      onEvent: (event) => {
        const line = eventInWords(event);
        if (line !== undefined && !isQuiet) say(line);
      },
    });
    const seconds = (performance.now() - beganMs) / 1_000;
    say(`${reports} reports, ${events.length} events, in ${seconds.toFixed(1)} s`);
    say(
      `accepted again within one second, at most: ${measures.reconnectsPeak}, ${percent(measures.reconnectsPeak / agents)} of the fleet`,
    );
    say(`looks within one second, at most: ${measures.looksPeak}`);
    say(`memory ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MiB`);
    if (isElsewhere) return;
    const faults = judge(scenario, agents, events, measures);
    for (const fault of faults) say(`WRONG ${fault}`);
    say(faults.length === 0 ? 'as it should be' : 'not as it should be');
    process.exitCode = faults.length === 0 ? 0 : 1;
  } finally {
    await close();
  }
}

async function openReceiver({ home, agents, scenario }: Settings): Promise<OverHttp> {
  if (home === 'none') {
    const receiver = reducerAlone({ maxStandings: 3 * agents + 10_000 });
    return { receiver, greet: async () => {}, close: async () => {} };
  }
  if (home === 'in-process') return homeInProcess(Date.parse(scenario.start));
  const { receiver, ...others } = homeElsewhere(home);
  return { ...others, receiver: atPace(receiver, Date.parse(scenario.start), home.speed) };
}

/** A home of its own has a clock of its own: the scenario's seconds take their time, divided by `speed`. */
function atPace(receiver: Receiver, startMs: number, speed: number): Receiver {
  const beganMs = performance.now();
  return {
    second: async (sent, nowMs) => {
      const events = await receiver.second(sent, nowMs);
      await sleep(Math.max(beganMs + (nowMs - startMs) / speed - performance.now(), 0));
      return events;
    },
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
