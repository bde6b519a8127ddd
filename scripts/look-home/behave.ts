/** How the page behaves: by keyboard alone, live, without script, and when home is gone. */
import type { Browser, Page } from 'playwright-core';
import { isoTime, systemClock } from '../../src/base/clock.ts';
import type { Home } from '../../src/home/start-home.ts';
import { templateOf } from '../simulate/conditions.ts';
import { openPage } from './browser.ts';
import { bring, busySource, oneOf } from './stage.ts';
import { lookEveryWay } from './walk.ts';

const liveWithinMs = 2_000;

/** From the top of the fleet to one delegate and to one of its reports, with nothing but Tab and Enter. */
export async function walkByKeyboard(browser: Browser, { url }: Home): Promise<readonly string[]> {
  const faults: string[] = [];
  const page = await openPage(browser, url.slice(0, -1), faults);
  await page.goto(`${url}ui/`);
  await page.keyboard.press('Tab');
  if ((await focused(page)).text !== 'Skip to the content') faults.push('Tab meets no skip link');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  if (!(await focused(page)).inMain) faults.push('the skip link does not lead to the content');
  await page.goto(`${url}ui/delegates`);
  for (const [wanted, path] of [
    [/^delegate-\d+$/, '/ui/delegate'],
    [/UTC/, '/ui/report'],
  ] as const) {
    if (!(await tabTo(page, wanted, faults))) return [...faults, `Tab never reaches ${wanted}`];
    await page.keyboard.press('Enter');
    await page.waitForURL((to) => to.pathname === path);
  }
  await page.close();
  return faults;
}

interface Focused {
  readonly text: string;
  readonly inMain: boolean;
  readonly isVisible: boolean;
}

function focused(page: Page): Promise<Focused> {
  return page.evaluate(`(() => {
    const { activeElement: at } = document;
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    const { left, right } = at.getBoundingClientRect();
    return {
      text: at.textContent.trim(),
      inMain: document.getElementById('main').contains(at),
      isVisible: outlineStyle !== 'none' && outlineWidth !== '0px' && right > 0 && left < innerWidth,
    };
  })()`);
}

async function tabTo(page: Page, wanted: RegExp, faults: string[]): Promise<boolean> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const { text, isVisible } = await focused(page);
    if (!isVisible) faults.push(`${page.url()}: focus on "${text.slice(0, 40)}" is not seen`);
    if (wanted.test(text)) return true;
  }
  return false;
}

/** What is being written, what has the focus and how far one has scrolled outlast what arrives. */
export async function watchLive(browser: Browser, home: Home): Promise<readonly string[]> {
  const faults: string[] = [];
  const [fleet, list] = [
    await openPage(browser, home.url.slice(0, -1), faults),
    await openPage(browser, home.url.slice(0, -1), faults),
  ];
  await fleet.goto(`${home.url}ui/`);
  await list.goto(`${home.url}ui/delegates`);
  for (const page of [fleet, list]) await page.locator('footer .live').waitFor();
  await list.locator('#q').fill('half a wo');
  await list.evaluate('scrollTo(0, 120)');
  const open = home.incidents.open().length;
  const target = `https://another-${open}.example:8443/`;
  const beganMs = performance.now();
  await bring(home, refusals(target));
  // Each must show it by itself, also while the other is in front.
  await Promise.all([
    fleet.getByText(target).first().waitFor({ state: 'attached', timeout: 30_000 }),
    list.locator(`option[value="${target}"]`).waitFor({ state: 'attached', timeout: 30_000 }),
  ]);
  const tookMs = performance.now() - beganMs;
  process.stdout.write(`an incident is seen after ${tookMs.toFixed(0)} ms\n`);
  if (tookMs > liveWithinMs) faults.push(`live after ${tookMs.toFixed(0)} ms`);
  const news = (await fleet.locator('#news').textContent()) ?? '';
  const isTold = /incidents? (?:is|are) open/.test(news);
  if (!isTold) faults.push(`nothing is read aloud of the new incident: "${news}"`);
  const left: unknown = await list.evaluate(
    '[document.activeElement.id, document.getElementById("q").value, scrollY]',
  );
  if (JSON.stringify(left) !== '["q","half a wo",120]') {
    faults.push(`the update disturbs: ${JSON.stringify(left)}`);
  }
  await fleet.close();
  await list.close();
  return faults;
}

/** Each of them keeps its history while the page is live, and when something new arrives. */
export async function watchTargets(browser: Browser, home: Home): Promise<readonly string[]> {
  const faults: string[] = [];
  const page = await openPage(browser, home.url.slice(0, -1), faults);
  await page.goto(`${home.url}ui/delegate?of=${encodeURIComponent(busySource)}`);
  const strips = (): Promise<readonly string[]> =>
    page.locator('#history figcaption').allTextContents();
  const sent = await strips();
  await page.locator('footer .live').waitFor();
  for (const number of [2, 3]) {
    await bring(home, [oneOf(busySource, 'eu.gateway.example', number)]);
    await page
      .locator('#reports tbody tr')
      .nth(number + 1)
      .waitFor();
    const shown = await strips();
    const isWhole = shown.length === 3 && new Set(shown).size === 3 && sent.length === 3;
    if (!isWhole)
      faults.push(`of 3 targets ${sent.length} are sent, and shown: ${shown.join(' ')}`);
  }
  await page.close();
  return faults;
}

function refusals(target: string) {
  const template = templateOf('no-upstream', 'go', false);
  const { host } = new URL(target);
  return [...Array(8).keys()].map((number) => ({
    source: `urn:sidelight:agent:${host}-${number}`,
    report: {
      ...template,
      id: `${host}-${number}`,
      time: isoTime(systemClock.now()),
      agent: { ...template.agent, delegate: { name: `z-${number}`, account: `z-${host}` } },
      target: { url: target, host, port: 8443, serverName: host },
    },
  }));
}

export async function lookWithoutScript(
  browser: Browser,
  { url }: Home,
): Promise<readonly string[]> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${url}ui/`);
  const text = (await page.locator('footer').textContent()) ?? '';
  await page.getByText('Load again').click();
  await context.close();
  return /As of \d\d:\d\d:\d\d UTC/.test(text) ? [] : [`without script the page says "${text}"`];
}

/** To be called with a home that may end. */
export async function watchEnd(browser: Browser, home: Home): Promise<readonly string[]> {
  const page = await browser.newPage();
  await page.goto(`${home.url}ui/`);
  await page.locator('footer .live').waitFor();
  await home.close();
  await page.locator('footer .stale').waitFor();
  const text = (await page.locator('#live').textContent()) ?? '';
  await page.close();
  const isTold = /^Not live since \d\d:\d\d:\d\d UTC/.test(text);
  return isTold ? [] : [`without home the page says "${text}"`];
}

/** Over TLS, with the token as a person would give it. */
export async function logInAndOut(
  browser: Browser,
  { url }: Home,
  token: string,
  pictures?: string,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await openPage(context, url.slice(0, -1), faults);
  await page.goto(`${url}ui/delegates?q=x`);
  faults.push(...(await lookEveryWay(page, 'login', pictures)));
  const fields = await page.locator('input:visible').count();
  if (fields !== 1) faults.push(`the login shows ${fields} fields, where there is one to fill in`);
  await page.getByLabel('Operator token').fill('not this one');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Operator token').fill(token);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}ui/delegates?q=x`);
  await page.locator('footer .live').waitFor();
  const [cookie] = await context.cookies();
  const { name = '', httpOnly, secure, sameSite } = cookie ?? {};
  if (!(name.startsWith('__Host-') && httpOnly && secure && sameSite === 'Strict')) {
    faults.push(`the cookie is ${name}, ${httpOnly}, ${secure}, ${sameSite}`);
  }
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('Operator token').waitFor();
  await page.goto(`${url}ui/`);
  await page.getByLabel('Operator token').waitFor();
  await context.close();
  return faults.filter((fault) => !fault.includes('status of 403'));
}
