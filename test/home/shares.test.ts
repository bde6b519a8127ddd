/** A running home, many senders with a token each, and one of them that makes delegates up. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { templateOf } from '../../scripts/simulate/conditions.ts';
import type { IncidentEvent } from '../../src/home/incidents/incident.ts';
import type { Notice } from '../../src/home/incidents/state.ts';
import { temporaryDirectory } from '../state/temporary.ts';
import { startSidelight } from '../support/sidelight.ts';
import { openHome, openSender, reportEvent } from './open-home.ts';

const honest = 60;

function sendersFile(evil = 'evil evil-token'): string {
  const path = join(temporaryDirectory(), 'senders');
  const lines = Array.from({ length: honest }, (_, n) => `honest-${n} token-${n}`);
  writeFileSync(path, [evil, ...lines].join('\n'));
  return path;
}

async function openFleet(evilLine?: string, dataDir?: string) {
  const notices: Notice[] = [];
  const onNotice = (notice: Notice): void => void notices.push(notice);
  const tokens = sendersFile(evilLine);
  const home = await openHome({ tokens, onNotice, ...(dataDir !== undefined && { dataDir }) });
  const told: IncidentEvent[] = [];
  home.incidents.onEvents((events) => told.push(...events));
  const asEvil = openSender(home.url, { token: 'evil-token' });
  const senders = Array.from({ length: honest }, (_, n) =>
    openSender(home.url, { token: `token-${n}` }),
  );
  /** Each for itself, from number `from` on. */
  const speak = async (seen: Seen, from = 0, count = honest): Promise<void> => {
    const answers = await Promise.all(
      senders.slice(from, from + count).map((as, n) => as([said(seen, `honest-${from + n}`)])),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  };
  const opened = () => told.filter(({ kind }) => kind === 'opened');
  return { ...home, notices, asEvil, speak, opened };
}

type Seen = 'accepted' | 'wrong-client-ca';
let number = 0;

function said(seen: Seen, name: string): Record<string, unknown> {
  number += 1;
  const agent = { name: 'sidelight', version: '1', host: name, delegate: { name } };
  const report = { ...templateOf(seen, 'openssl', true), time: new Date().toISOString(), agent };
  return {
    ...reportEvent(`${number}`, { source: `urn:sidelight:agent:${name}`, ...report }),
    time: report.time,
  };
}

const ghosts = (seen: Seen, from: number, count: number) =>
  Array.from({ length: count }, (_, n) => said(seen, `ghost-${from + n}`));

test('a sender that makes up more and more delegates hides nobody, and no incident', async () => {
  const { asEvil, speak, incidents, intake, notices, opened } = await openFleet();
  await speak('accepted', 0, honest / 2);
  for (let batch = 0; batch < 5; batch += 1) {
    const { status, body, retryAfter } = await asEvil(ghosts('accepted', 300 * batch, 300));
    if (batch === 0) {
      expect(body).toMatchObject({ stored: 100, rejected: 200 });
      expect(body['rejections']).toContainEqual({ index: 100, reason: 'too-many-delegates' });
    } else {
      expect(status).toBe(429);
      expect(Number(retryAfter)).toBeGreaterThan(60);
    }
  }
  await speak('accepted', honest / 2, honest / 2);
  expect(incidents.fleet.glance()).toMatchObject({
    delegates: honest + 100,
    targets: [{ known: honest + 100 }],
  });
  expect(incidents.fleet.delegate('urn:sidelight:agent:honest-50')).toBeDefined();
  expect(notices).toContainEqual({ kind: 'sender-full', sender: 'evil' });
  expect(intake.counts.rejected.get('too-many-delegates')).toBe(200);
  expect(intake.counts.busy.get('delegates')).toBe(4);
  await speak('wrong-client-ca');
  expect(opened()).toMatchObject([{ incident: { side: 'gateway' } }]);
});

test('a sender that makes up refused delegates opens no incident, also after a restart', async () => {
  const first = await openFleet();
  await first.speak('accepted');
  await first.asEvil(ghosts('accepted', 0, 50));
  await first.asEvil(ghosts('wrong-client-ca', 0, 50));
  expect(first.incidents.fleet.glance()).toMatchObject({ targets: [{ failing: 50 }] });
  expect(first.notices).toContainEqual(
    expect.objectContaining({ kind: 'held-back', senders: ['evil'] }),
  );
  await first.close();
  const again = await openFleet('evil evil-token', first.dataDir);
  expect(again.incidents.fleet.glance()).toMatchObject({ targets: [{ failing: 50 }] });
  await again.asEvil(ghosts('wrong-client-ca', 50, 10));
  expect([...first.opened(), ...again.opened(), ...again.incidents.open()]).toEqual([]);
  await again.speak('wrong-client-ca', 0, 2);
  await expect.poll(again.opened).toHaveLength(1);
});

test('a sender whose line says for how many it speaks brings so many, and they count', async () => {
  const { asEvil, speak, incidents, opened } = await openFleet('fleet delegates=250 evil-token');
  await speak('accepted');
  const { body } = await asEvil(ghosts('accepted', 0, 251));
  expect(body).toMatchObject({ stored: 250, rejected: 1 });
  await asEvil(ghosts('wrong-client-ca', 0, 20));
  expect(opened()).toMatchObject([{ incident: { known: 310 } }]);
  expect(incidents.open()[0]).not.toHaveProperty('broughtBy');
});

test('an agent beyond the share of its sender is told to come again, and keeps its reports', async () => {
  const { url } = await openHome({ tokens: sendersFile(), delegatesPerSender: 1 });
  const send = openSender(url, { token: 'evil-token' });
  expect(await send([said('accepted', 'one')])).toMatchObject({ status: 200 });
  expect(await send([said('accepted', 'two')])).toMatchObject({ status: 429 });
  expect(await send([said('accepted', 'one')])).toMatchObject({ status: 200 });
});

test('home says in its log who brings more than its share', async () => {
  const options = ['--data', temporaryDirectory(), '--token-file', sendersFile()];
  const listen = ['--listen', '127.0.0.1:0', '--delegates-per-sender', '2'];
  const program = startSidelight(['home', ...listen, ...options]);
  onTestFinished(() => program.signal('SIGKILL'));
  const url = () => /url=(\S+)/.exec(program.stderr())?.[1];
  await expect.poll(url, { timeout: 15_000 }).toBeDefined();
  const send = openSender(url() ?? '', { token: 'evil-token' });
  for (const ghost of ['one', 'two', 'three', 'four']) await send([said('accepted', ghost)]);
  const lines = () => program.stderr().match(/^.*more delegates than it may.* sender=evil$/gm);
  await expect.poll(lines).toHaveLength(1);
});

test('where nobody needs a credential any number is taken, and an incident says that one brought all of it', async () => {
  const home = await openHome();
  const send = openSender(home.url);
  expect((await send(ghosts('accepted', 0, 300))).body).toMatchObject({ stored: 300 });
  await send(ghosts('wrong-client-ca', 0, 20));
  expect(home.incidents.open()).toMatchObject([{ known: 300, broughtBy: ['anonymous'] }]);
});
