/** `sidelight show`: a report or a bundle that somebody sent, for a person or for a program. */
import { maxArchiveBytes } from '../agent/bundle/archive.ts';
import { type Opened, openSent } from '../agent/bundle/open-bundle.ts';
import { systemClock } from '../base/clock.ts';
import { systemRandom, uuidV7 } from '../base/random.ts';
import { loadShow, type ShowConfig } from '../config/load-show.ts';
import { quoted } from '../config/parsed.ts';
import type { Report } from '../report/report.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { appearanceOn, type Io, plain } from './io.ts';
import { openOutputFile } from './output-file.ts';
import { readSent } from './read-sent.ts';
import { rendererOf } from './renderer.ts';
import { bundleText } from './show-text.ts';

export async function show({ options, problems, args }: CommandLine, io: Io): Promise<number> {
  const config = loadShow({ options, env: io.env, problems });
  const [path = ''] = args;
  const opened = openSent(await readSent(path, maxArchiveBytes, 'file'), quoted(path));
  const isFile = config.outputFile !== undefined;
  const render = rendererOf(config, isFile ? plain : appearanceOn(io.stdout, io.env));
  const content = rendered(opened, config, render, io);
  for (const { number, why } of opened.refused.slice(0, shownRefusals)) {
    io.stderr.write(`sidelight: line or entry ${number} is left out: ${why}\n`);
  }
  if (config.outputFile === undefined) io.stdout.write(content);
  else openOutputFile(config.outputFile, uuidV7(systemClock.now(), systemRandom)).commit(content);
  return exitCodes.good;
}

/** A file of another kind has the same fault on every line. */
const shownRefusals = 3;

function rendered(
  opened: Opened,
  config: ShowConfig,
  render: (report: Report) => string,
  io: Io,
): string {
  const { reports, bundle } = opened;
  switch (config.format) {
    case 'html':
      return onePage(reports, render, io);
    case 'text':
      return [...reports.map(render), ...(bundle ? [bundleText(bundle)] : [])].join(divider);
    default:
      return reports.map(render).join('');
  }
}

const divider = `\n${'-'.repeat(80)}\n\n`;

/** A page is about one report: of several, the newest. */
function onePage(
  reports: readonly Report[],
  render: (report: Report) => string,
  { stderr }: Io,
): string {
  const newest = reports.toSorted((one, other) => (one.time < other.time ? 1 : -1))[0];
  if (reports.length > 1) {
    stderr.write(`sidelight: ${reports.length} reports; the page shows the newest of them\n`);
  }
  return newest ? render(newest) : '';
}
