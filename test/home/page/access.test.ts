/** Who sees the page, and what a stranger, a foreign page and a sender can do with it: nothing. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CannotRun } from '../../../src/base/cannot-run.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { startHome } from '../../../src/home/start-home.ts';
import { temporaryDirectory } from '../../state/temporary.ts';
import { makePki } from '../../support/openssl.ts';
import { temporaryDirectory as directoryOfThisFile } from '../../support/temporary-directory.ts';
import { formTokenIn, openPages } from './open-page.ts';

const views = [
  ...['/ui/', '/ui/delegates', '/ui/incidents', '/ui/incident?id=x', '/ui/delegate?of=x'],
  '/ui/report?arrival=1',
];

function fileOf(content: string): string {
  const path = join(temporaryDirectory(), 'tokens');
  writeFileSync(path, content);
  return path;
}

const operators = (): string => fileOf('ops op-token-1\nothers op-token-2\n');

test('a home that is open to its own machine shows its page there', async () => {
  const { ask } = await openPages();
  expect((await ask('/ui/')).text).toContain('No delegate has reported yet');
  const root = await ask('/');
  expect([root.status, root.location]).toEqual([303, '/ui/']);
  expect((await ask('/', { headers: { accept: 'application/json' } })).status).toBe(404);
  expect((await ask('/ui/nothing')).status).toBe(404);
});

test.for([
  ['a name of elsewhere that leads here', { host: 'evil.example' }],
  ['a name that begins like ours', { host: 'localhost.evil.example' }],
  ['a proxy', { 'x-forwarded-for': '192.0.2.1' }],
  ['a proxy by the standard', { forwarded: 'for=192.0.2.1' }],
] as const)('the open page is not shown to %s', async ([, headers]) => {
  const { ask } = await openPages();
  for (const path of views) {
    const { status, text } = await ask(path, { headers: { ...headers } });
    expect([status, text.includes('<nav')]).toEqual([403, false]);
  }
});

test.for(['localhost:1', '127.0.0.1', '[::1]:8470', '127.9.9.9:80'])(
  'the open page is shown under %s',
  async (host) => {
    const { ask } = await openPages();
    expect((await ask('/ui/', { headers: { host } })).status).toBe(200);
  },
);

test('where reports need a token and no operator is named, there is no page', async () => {
  const { ask } = await openPages({ tokens: fileOf('a sender-token\n') });
  for (const path of [...views, '/', '/ui/login']) expect((await ask(path)).status).toBe(404);
});

test('without a login every view leads to the login, and says nothing else', async () => {
  const { ask } = await openPages({ operatorTokens: operators() });
  for (const path of views) {
    const { status, location, text } = await ask(path);
    expect([status, text]).toEqual([303, '']);
    expect(location).toBe(`/ui/login?${new URLSearchParams({ to: path })}`);
  }
  const { text } = await ask('/ui/login?to=%2Fui%2Fdelegates');
  expect(text).toContain('Operator token');
  expect(text).not.toContain('<nav');
});

test('an operator logs in, is led to where it wanted, and logs out', async () => {
  const { ask, port } = await openPages({ operatorTokens: operators() });
  const form = { token: ' op-token-2\n', to: '/ui/delegates?q=x' };
  const { status, location, setCookie = '' } = await ask('/ui/login', { form });
  expect([status, location]).toEqual([303, '/ui/delegates?q=x']);
  expect(setCookie).toMatch(
    new RegExp(`^sidelight-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
  );
  const cookie = setCookie.split(';', 1)[0] ?? '';
  const page = await ask('/ui/', { headers: { cookie } });
  expect(page.status).toBe(200);
  expect(page.text).toContain('others');
  expect(page.text).not.toContain('op-token');
  const out = { form: formTokenIn(page.text) };
  const left = await ask('/ui/logout', { headers: { cookie }, form: out });
  expect([left.status, left.location]).toEqual([303, '/ui/login']);
  expect(left.setCookie).toContain('Max-Age=0');
  expect((await ask('/ui/', { headers: { cookie } })).status).toBe(303);
});

test.for(['//evil.example/', 'https://evil.example/', '/\\evil.example', '/ui/\\x', '/', ''])(
  'a login leads nowhere but to a view: %s',
  async (to) => {
    const { ask } = await openPages({ operatorTokens: operators() });
    const { location } = await ask('/ui/login', { form: { token: 'op-token-1', to } });
    expect(location).toBe('/ui/');
    expect((await ask(`/ui/login?${new URLSearchParams({ to })}`)).text).not.toContain('data-to');
  },
);

test('neither a wrong token nor a sender’s opens the page, nor one that is both', async () => {
  const { ask, logIn } = await openPages({
    operatorTokens: fileOf('ops op-token-1\nops both-token\n'),
    tokens: fileOf('a sender-token\nb both-token\n'),
  });
  for (const token of ['wrong', '', 'sender-token', 'both-token', 'op-token-1 x']) {
    const { status, setCookie } = await ask('/ui/login', { form: { token } });
    expect([status, setCookie]).toEqual([403, undefined]);
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask('/ui/', { headers })).status).toBe(303);
  }
  expect(await logIn('op-token-1')).toMatch(/^sidelight-/);
  const headers = { authorization: 'Bearer op-token-1' };
  expect((await ask('/ui/', { headers })).status).toBe(200);
  // And the other way round.
  const sent = await ask('/', { method: 'POST', headers });
  expect(sent.status).toBe(401);
});

test('an operator whose line is gone is out with the next request', async () => {
  const path = operators();
  const { ask, logIn } = await openPages({ operatorTokens: path });
  const cookie = await logIn('op-token-1');
  expect((await ask('/ui/', { headers: { cookie } })).status).toBe(200);
  writeFileSync(`${path}.new`, 'others op-token-2\n');
  renameSync(`${path}.new`, path);
  expect((await ask('/ui/', { headers: { cookie } })).status).toBe(303);
});

test('who tries many tokens is told to wait, and then even the right one is not looked at', async () => {
  const { ask } = await openPages({ operatorTokens: operators() });
  const statuses: number[] = [];
  for (let tries = 0; tries < 11; tries += 1) {
    statuses.push((await ask('/ui/login', { form: { token: `t${tries}` } })).status);
  }
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(403));
  expect(statuses[10]).toBe(429);
  const { status, headers } = await ask('/ui/login', { form: { token: 'op-token-1' } });
  expect(status).toBe(429);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
});

test.for([
  ['a page of another site', { 'sec-fetch-site': 'cross-site' }, undefined],
  ['a page of the same site and another origin', { 'sec-fetch-site': 'same-site' }, undefined],
  ['an old browser, from elsewhere', { origin: 'http://evil.example' }, undefined],
  ['a page without an origin', { origin: 'null' }, undefined],
  ['our own page, with the token of another session', { 'sec-fetch-site': 'same-origin' }, 'other'],
  ['our own page, without a token', { 'sec-fetch-site': 'same-origin' }, ''],
] as const)('a form of %s does nothing', async ([, headers, token]) => {
  const { ask, logIn } = await openPages({ operatorTokens: operators() });
  const cookie = await logIn('op-token-1');
  const own = formTokenIn((await ask('/ui/', { headers: { cookie } })).text);
  const others = formTokenIn(
    (await ask('/ui/', { headers: { cookie: await logIn('op-token-1') } })).text,
  );
  expect(others).not.toBe(own);
  const form = token === undefined ? own : token === 'other' ? others : token;
  for (const path of ['/ui/logout', '/ui/probe-now']) {
    const { status } = await ask(path, { headers: { cookie, ...headers }, form: { form } });
    expect(status).toBe(403);
  }
  expect((await ask('/ui/', { headers: { cookie } })).status).toBe(200);
});

test('over TLS the cookie is bound to the host, and a listed certificate needs no login', async () => {
  const pki = makePki(directoryOfThisFile());
  const ca = pki.ca('CN of access');
  const server = pki.server({ ca });
  const [operator, delegate] = ['operator', 'delegate'].map((cn) => pki.leaf({ cn, ca }));
  const { ask } = await openPages({
    ...{ cert: server.cert, key: server.key, clientCa: ca.cert },
    operatorTokens: fileOf(`ops op-token-1\ncards certificate:${operator?.sha256}\n`),
  });
  const tls = { ca: ca.cert };
  const { setCookie } = await ask('/ui/login', { form: { token: 'op-token-1' }, tls });
  expect(setCookie).toMatch(
    /^__Host-sidelight-\d+=.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
  );
  const by = (who: typeof operator) => ({ tls: { ...tls, cert: who?.cert, key: who?.key } });
  expect((await ask('/ui/', by(operator))).status).toBe(200);
  expect((await ask('/ui/', by(delegate))).status).toBe(303);
  // It is shown without being asked: only a form of ours counts.
  const { text } = await ask('/ui/', by(operator));
  expect(text).not.toContain('Log out');
  const forged = await ask('/ui/probe-now', {
    ...by(operator),
    form: { of: 'x', form: 'guessed' },
  });
  expect(forged.status).toBe(403);
});

test('a form that is none, too large, or sent by another method is refused', async () => {
  const { ask } = await openPages({ operatorTokens: operators() });
  const large = { token: 'x'.repeat(9_000) };
  expect((await ask('/ui/login', { form: large })).status).toBe(403);
  expect((await ask('/ui/login', { method: 'PUT' })).status).toBe(405);
  const json = { 'content-type': 'application/json' };
  expect((await ask('/ui/login', { form: { token: 'op-token-1' }, headers: json })).status).toBe(
    403,
  );
});

test('a file of operators that cannot be read is told before home starts', async () => {
  const starting = startHome({
    ...{ listen: { host: '127.0.0.1', port: 0 }, dataDir: temporaryDirectory() },
    ...{ clock: systemClock, operatorTokens: '/nowhere/operators' },
  });
  const error = await starting.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CannotRun);
  expect((error as CannotRun).problems[0]?.where).toBe('--operator-token-file');
});
