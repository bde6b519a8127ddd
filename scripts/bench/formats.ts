/** Events a second through each format, beside JSON.stringify of the same report. */
import { type EventFormatName, eventFormats, type Format } from '../../src/format/formats.ts';
import type { Report } from '../../src/report/report.ts';
import { type Figure, figureOf, inRate } from './figure.ts';
import { sampleReport } from './sample.ts';
import type { Stage } from './stage.ts';

export async function measureFormats(stage: Stage): Promise<readonly Figure[]> {
  const report = await sampleReport(stage);
  return Object.entries(eventFormats).map(([name, format]) =>
    compare(name as EventFormatName, format, report, stage.quick),
  );
}

function compare(name: EventFormatName, format: Format, report: Report, quick: boolean): Figure {
  const pairs: (readonly [number, number])[] = [];
  for (let round = 0; round <= (quick ? 5 : 15); round += 1) {
    const ours = rate(() => format(report, { colour: false, verbose: false }));
    pairs.push([ours, rate(() => JSON.stringify(report))]);
  }
  return figureOf(`format ${name}`, 'JSON.stringify', pairs.slice(1), inRate);
}

/** A second of CPU. */
function rate(work: () => string): number {
  const times = 500;
  const before = process.cpuUsage();
  let length = 0;
  for (let turn = 0; turn < times; turn += 1) length += work().length;
  const { user, system } = process.cpuUsage(before);
  if (length === 0) throw new Error('nothing was written');
  return (times * 1e6) / (user + system);
}
