/** `npm run bench`: what the program costs, every figure a ratio against a reference of the same run, beside its goal. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureDecoder } from './bench/decoder.ts';
import type { Figure } from './bench/figure.ts';
import { measureFormats } from './bench/formats.ts';
import { measureLooks, measureTargets } from './bench/memory.ts';
import { measureProbeCpu } from './bench/probe-cpu.ts';
import { load, type Suite, tableOf, writeResults } from './bench/results.ts';
import { measureSinks } from './bench/sinks.ts';
import { measureSpool } from './bench/spool-rates.ts';
import { type Stage, setStage } from './bench/stage.ts';
import { measureCheck, measureStart } from './bench/whole-processes.ts';

const suites: Readonly<Record<string, (stage: Stage) => Promise<readonly Figure[]>>> = {
  start: measureStart,
  check: measureCheck,
  'probe-cpu': measureProbeCpu,
  decoder: measureDecoder,
  formats: measureFormats,
  sinks: measureSinks,
  spool: measureSpool,
  targets: measureTargets,
  looks: measureLooks,
};

const { values } = parseArgs({
  options: {
    executable: { type: 'string', default: join(import.meta.dirname, '../dist/sidelight') },
    /** Names of suites, separated by commas. Then nothing is written unless --results says where. */
    only: { type: 'string' },
    /** Within three minutes, coarser, and nothing is written unless --results says where. */
    quick: { type: 'boolean', default: false },
    results: { type: 'string' },
  },
});
const { executable, quick } = values;
const wanted = values.only?.split(',') ?? Object.keys(suites);
const isWhole = values.only === undefined && !quick;
const results = values.results ?? (isWhole ? join(import.meta.dirname, '../bench/results.md') : '');
if (!existsSync(executable)) throw new Error(`${executable} is missing: npm run build makes it`);

const measured: Suite[] = [];
for (const name of wanted) {
  const suite = suites[name];
  if (!suite) throw new Error(`no suite ${name}: there are ${Object.keys(suites).join(', ')}`);
  const stage = setStage(executable, quick);
  try {
    const began = performance.now();
    const figures = await suite(stage);
    measured.push({ name, figures, load: load(), seconds: (performance.now() - began) / 1_000 });
    process.stdout.write(`\n${name}\n${measured.slice(-1).map(tableOf).join('')}\n`);
  } finally {
    await stage.close();
  }
  // What was measured is not lost when a later suite fails.
  if (results !== '') writeResults(results, measured, quick);
}
