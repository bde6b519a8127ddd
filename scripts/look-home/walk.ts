/** Every view of a home, light and dark, narrow and wide. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Home } from '../../src/home/start-home.ts';
import { faultsOf, openPage, schemes, widths } from './browser.ts';
import { busySource, hostileSource } from './stage.ts';

/** By name; of a fleet, some of each kind. */
export function viewsOf({ incidents }: Home): Readonly<Record<string, string>> {
  const all = incidents.latest(50);
  const delegates = [...incidents.fleet.delegates()];
  const report = (source: string | undefined): string => {
    const standings = incidents.fleet.delegate(source ?? '')?.standings.values() ?? [];
    return `/ui/report?arrival=${[...standings][0]?.arrival ?? 0}`;
  };
  const delegate = (source: string | undefined): string =>
    `/ui/delegate?of=${encodeURIComponent(source ?? '')}`;
  const incident = (id: string | undefined): string => `/ui/incident?id=${id ?? ''}`;
  const fleet = { fleet: '/ui/', incidents: '/ui/incidents', delegates: '/ui/delegates' };
  if (delegates.length === 0) return { ...fleet, nothing: '/ui/incident?id=none' };
  const rejected = delegates.find(({ standings }) =>
    [...standings.values()].some(({ outcome }) => outcome === 'rejected'),
  )?.seen.source;
  const silent = delegates.find(({ silentSinceMs }) => silentSinceMs !== undefined)?.seen.source;
  const theirs = `${hostileSource}1`;
  return {
    ...fleet,
    'fleet-by-account': '/ui/?by=account',
    'delegates-filtered': '/ui/delegates?q=delegate-1&state=failing&page=2',
    'delegates-own': '/ui/delegates?state=own',
    incident: incident(all.find(({ kind, peak }) => kind === 'gateway' && peak > 3)?.id),
    'incident-over': incident(all.find(({ state }) => state === 'closed')?.id),
    'incident-hostile': incident(all.find(({ sample }) => sample[0]?.source === theirs)?.id),
    delegate: delegate(rejected),
    'delegate-silent': delegate(silent),
    'delegate-busy': delegate(busySource),
    namesakes: '/ui/delegates?q=vm-',
    'delegate-hostile': delegate(theirs),
    report: report(rejected),
    'report-hostile': report(theirs),
    'report-hostile-well-formed': report(`${hostileSource}3`),
  };
}

export interface Walked {
  readonly looks: number;
  readonly faults: readonly string[];
}

/** With `pictures`, leaves them there under `name`. */
export async function walk(
  browser: Browser,
  home: Home,
  name: string,
  pictures?: string,
): Promise<Walked> {
  const faults: string[] = [];
  const page = await openPage(browser, home.url.slice(0, -1), faults);
  let looks = 0;
  for (const [view, path] of Object.entries(viewsOf(home))) {
    const isWanted = view !== 'nothing';
    const response = await page.goto(new URL(path, home.url).href);
    if (response?.ok() !== isWanted) faults.push(`${name} ${view}: ${response?.status()} ${path}`);
    await page.evaluate(
      'document.querySelectorAll("details").forEach((each) => { each.open = true; })',
    );
    looks += schemes.length * widths.length;
    faults.push(...(await lookEveryWay(page, `${name}-${view}`, pictures)));
  }
  await page.close();
  // The one that is not there is told by the browser, too.
  return { looks, faults: faults.filter((fault) => !fault.includes('status of 404')) };
}

/** Light and dark, narrow and wide; gives what is wrong. */
export async function lookEveryWay(
  page: Page,
  name: string,
  pictures?: string,
): Promise<readonly string[]> {
  const faults: string[] = [];
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
  return faults;
}
