/** Chromium, and what is wrong with a page as it is shown: axe's findings, sideways scrolling, whatever it complains of. */
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export const schemes = ['light', 'dark'] as const;
export const widths = [360, 1600] as const;

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: flags });
}

/** A page whose complaints go to `faults`: also a dialog, a violated policy, and a request to anywhere else. */
export async function openPage(
  context: Browser | BrowserContext,
  origin: string,
  faults: string[],
): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('console', (message) => faults.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`${page.url()}: a dialog, ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`asked for ${request.url()}`);
  });
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", ({ violatedDirective }) => console.error("violates " + violatedDirective))',
  );
  return page;
}

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const findings = (await page.evaluate(
    'axe.run().then(({ violations }) => violations)',
  )) as readonly Finding[];
  const overflow = (await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )) as number;
  return [
    ...findings.map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]?.html.slice(0, 160)})`),
    ...(overflow > 0 ? [`scrolls sideways by ${overflow} px`] : []),
  ];
}
