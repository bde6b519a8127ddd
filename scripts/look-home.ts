/**
 * Looks at home's page in Chromium: every view with a fleet and with nobody, light and dark, narrow and wide, with a
 * hostile sender among the delegates. Each must be free of axe's findings, must not scroll sideways, and must run and ask
 * for nothing that is not its own; then by keyboard alone, live, without script, with a login, and when home ends.
 * `npm run look:home -- [--delegates 10000] [--pictures DIRECTORY]`
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makePki } from '../test/support/openssl.ts';
import {
  logInAndOut,
  lookWithoutScript,
  walkByKeyboard,
  watchEnd,
  watchLive,
  watchTargets,
} from './look-home/behave.ts';
import { openBrowser } from './look-home/browser.ts';
import { measureRendering } from './look-home/measure.ts';
import { setStage } from './look-home/stage.ts';
import { walk } from './look-home/walk.ts';

const { values } = parseArgs({
  options: {
    delegates: { type: 'string', default: '10000' },
    pictures: { type: 'string' },
  },
});
const { pictures } = values;
if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
const delegates = Number(values.delegates);
const token = 'operator-token-of-this-run';

const directory = mkdtempSync(join(tmpdir(), 'look-home-files-'));
const browser = await openBrowser();
const faults: string[] = [];
const part = async (name: string, work: () => Promise<readonly string[]>): Promise<void> => {
  const beganMs = performance.now();
  const found = await work();
  faults.push(...found.map((fault) => `${name}: ${fault}`));
  const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
  process.stdout.write(`${name}: ${found.length} faults, ${seconds} s\n`);
};
try {
  const empty = await setStage(0);
  const nobody = await walk(browser, empty.home, 'nobody', pictures);
  await part(`${nobody.looks} looks with nobody`, async () => nobody.faults);
  await part('without home', () => watchEnd(browser, empty.home));
  await empty.close().catch(() => {});

  const pki = makePki(directory);
  const { cert, key } = pki.server({ ca: pki.ca('CN of look-home') });
  const operatorTokens = join(directory, 'operators');
  writeFileSync(operatorTokens, `somebody ${token}\n`);
  const closed = await setStage(0, { cert, key, operatorTokens });
  await part('login', () => logInAndOut(browser, closed.home, token, pictures));
  await closed.close();

  const beganMs = performance.now();
  const { home, close } = await setStage(delegates);
  const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
  process.stdout.write(`${delegates} delegates and their last hour, in ${seconds} s\n`);
  try {
    await part('rendering', () => measureRendering(home));
    await part('live', () => watchLive(browser, home));
    await part('several targets', () => watchTargets(browser, home));
    await part('keyboard', () => walkByKeyboard(browser, home));
    await part('without script', () => lookWithoutScript(browser, home));
    const walked = await walk(browser, home, 'fleet', pictures);
    await part(`${walked.looks} looks with ${delegates}`, async () => walked.faults);
  } finally {
    await close();
  }
} finally {
  await browser.close();
  rmSync(directory, { recursive: true, force: true });
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
