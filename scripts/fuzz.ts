/** Feeds everything that reads a stranger's octets with damaged ones: `npm run fuzz -- [--inputs N | --seconds N] [--seed S] [--only target,…]`. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fuzzTargetNames, isFuzzTargetName } from './fuzz/targets.ts';
import { fuzzOne } from './fuzz/watch.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: fuzzTargetNames.join(',') },
  },
});

const targets = values.only.split(',');
const unknown = targets.filter((name) => !isFuzzTargetName(name));
if (unknown.length > 0) {
  process.stderr.write(
    `no target ${unknown.join(', ')}; there are ${fuzzTargetNames.join(', ')}\n`,
  );
  process.exit(2);
}
/** In all; each target gets its share. */
const share = (total: string | undefined, otherwise: number): number =>
  total === undefined ? otherwise : Math.ceil(Number(total) / targets.length);
const inputs = share(
  values.inputs,
  values.seconds === undefined ? 10_000 : Number.MAX_SAFE_INTEGER,
);
const seconds = share(values.seconds, Number.MAX_SAFE_INTEGER);
const seed = Number(values.seed);

let total = 0;
let failed = 0;
for (const name of targets.filter(isFuzzTargetName)) {
  const fuzzed = await fuzzOne(name, { seed, inputs, seconds });
  total += fuzzed.inputs;
  failed += fuzzed.failures.length;
  const rate = Math.round((fuzzed.inputs * 1000) / fuzzed.tookMs);
  process.stdout.write(
    `${name.padEnd(20)} ${fuzzed.inputs} inputs, ${rate}/s, slowest ${fuzzed.slowestMs.toFixed(1)} ms, ` +
      `${fuzzed.failures.length} failures\n`,
  );
  for (const { failure, path } of fuzzed.failures)
    process.stdout.write(`  ${path}\n    ${failure}\n`);
}
const memory = Math.round(process.memoryUsage.rss() / 1024 / 1024);
process.stdout.write(`${total} inputs, seed ${seed}: ${failed} failures, ${memory} MiB\n`);
process.exitCode = failed > 0 ? 1 : 0;
