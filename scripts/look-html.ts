/**
 * Looks at the HTML page in Chromium: every report of the fixed set and a hostile one, light and dark, narrow and wide. Each must be free
 * of axe's findings, must not scroll sideways, and must ask for nothing. With a directory as argument it leaves
 * pictures there, and a PDF of each page.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { html } from '../src/format/html.ts';
import { corpus } from '../test/report/corpus.ts';
import { hostileReport } from '../test/report/hostile.ts';

const schemes = ['light', 'dark'] as const;
const widths = [360, 1600] as const;
const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What is wrong with the page as it is shown now. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  const findings = (await page.evaluate(
    'axe.run().then(({ violations }) => violations)',
  )) as readonly Finding[];
  const overflow = (await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )) as number;
  return [
    ...findings.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.html.slice(0, 120)})`),
    ...(overflow > 0 ? [`scrolls sideways by ${overflow} px`] : []),
  ];
}

async function look(browser: Browser, name: string, file: string, pictures?: string) {
  const faults: string[] = [];
  const url = pathToFileURL(file).href;
  const page = await browser.newPage();
  page.on('console', (message) => faults.push(`${name}: ${message.text()}`));
  page.on('request', (request) => {
    if (request.url() !== url) faults.push(`${name}: asked for ${request.url()}`);
  });
  await page.goto(url);
  await page.evaluate(axe.source);
  await page.evaluate(
    'document.querySelectorAll("details").forEach((each) => { each.open = true; })',
  );
  for (const colorScheme of schemes) {
    for (const width of widths) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const place = `${name}, ${colorScheme}, ${width} px`;
      faults.push(...(await faultsOf(page)).map((fault) => `${place}: ${fault}`));
      if (pictures === undefined) continue;
      const path = join(pictures, `${name}-${colorScheme}-${width}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
  if (pictures !== undefined) await page.pdf({ path: join(pictures, `${name}.pdf`), format: 'A4' });
  await page.close();
  return faults;
}

const [pictures] = process.argv.slice(2);
const directory = pictures ?? join(tmpdir(), `sidelight-look-${process.pid}`);
mkdirSync(directory, { recursive: true });
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: flags });
const reports = Object.entries({ ...corpus, hostile: hostileReport });
const faults: string[] = [];
try {
  for (const [name, report] of reports) {
    const file = join(directory, `${name}.html`);
    writeFileSync(file, html(report));
    faults.push(...(await look(browser, name, file, pictures)));
  }
} finally {
  await browser.close();
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
const looks = reports.length * schemes.length * widths.length;
process.stdout.write(`${looks} looks, ${faults.length} faults\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
