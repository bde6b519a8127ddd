/** What the executable writes for people, held against what the source writes: no character is lost on the way through the build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { batchContentType, cloudEventBatch } from '../../src/sink/home/cloud-event.ts';
import { fromSource, sidelight, startSidelight } from '../../test/support/sidelight.ts';
import { templateOf } from '../simulate/conditions.ts';

/** With an alert in its ladder. */
const refused = templateOf('wrong-client-ca', 'openssl', true);

type Texts = Readonly<Record<string, string>>;

/** `directory` takes what is made on the way. Throws with what differs. */
export async function checkTexts(executable: string, directory: string): Promise<void> {
  const data = join(directory, 'texts');
  const report = join(directory, 'report.json');
  writeFileSync(report, JSON.stringify(refused));
  const read = async (program: readonly string[]): Promise<Texts> => ({
    ...(await readReport(program, report)),
    ...(await readHome(program, `${data}-empty`, [])),
    ...(await readHome(program, data, ['one', 'two', 'three'])),
  });
  const wanted = await read(fromSource);
  const written = await read([executable]);
  for (const [name, text] of Object.entries(wanted)) {
    const differs = firstDifference(text, written[name] ?? '');
    if (differs !== undefined) throw new Error(`${name} ${differs}`);
  }
  const all = Object.values(wanted).join('');
  for (const character of ['–', '▲', '…', '●', '⚠']) {
    if (!all.includes(character)) throw new Error(`no page has a ${character} that would show it`);
  }
}

async function readReport(program: readonly string[], report: string): Promise<Texts> {
  const texts: Record<string, string> = {};
  for (const format of ['html', 'text']) {
    const replay = ['check', '--replay', report, '--verbose', '--format', format];
    texts[`check --format ${format}`] = (await sidelight(replay, {}, program)).stdout;
  }
  return texts;
}

const paths = ['', 'delegates', 'incidents', 'delegate?of=urn:sidelight:agent:one'];

/** The pages of a home that these delegates have told the same. */
async function readHome(
  program: readonly string[],
  data: string,
  delegates: readonly string[],
): Promise<Texts> {
  const args = ['home', '--listen', '127.0.0.1:0', '--data', data];
  const home = startSidelight(args, {}, program);
  try {
    const url = await urlOf(() => home.stdout() + home.stderr());
    for (const name of delegates) await bring(url, name);
    const texts: Record<string, string> = {};
    for (const path of paths) {
      const page = await fetch(new URL(`/ui/${path}`, url));
      texts[`/ui/${path} with ${delegates.length} delegates`] = timeless(await page.text());
    }
    return texts;
  } finally {
    home.signal('SIGTERM');
    await home.ended;
  }
}

async function urlOf(said: () => string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said()) ?? [];
    if (url !== undefined) return url;
    await sleep(100);
  }
  throw new Error(`home does not say where it listens: ${said()}`);
}

/** What is there already is no news to home. */
async function bring(url: string, name: string): Promise<void> {
  const report = { ...refused, id: name };
  const { status } = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': batchContentType },
    body: cloudEventBatch(name, [{ id: name, time: report.time, body: JSON.stringify(report) }]),
  });
  if (status !== 200) throw new Error(`home answers a report with ${status}`);
}

/** Whatever depends on when it was asked becomes the same. */
function timeless(page: string): string {
  return page
    .replaceAll(
      /less than a second|just now|(?:\d+ (?:day|hour|minute|second)s?\b ?)+(?:ago)?/g,
      '0 ',
    )
    .replaceAll(/\d+/g, '0');
}

function firstDifference(wanted: string, written: string): string | undefined {
  if (wanted === written) return undefined;
  const of = [...written];
  const at = [...wanted].findIndex((character, index) => character !== of[index]);
  const place = (text: string): string =>
    JSON.stringify([...text].slice(Math.max(at - 60, 0), at + 20).join(''));
  return `reads ${place(written)} in place of ${place(wanted)}`;
}
