/** What the views show, and that nothing which a report says becomes markup, script or a way out. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isoTime, systemClock } from '../../../src/base/clock.ts';
import { corpus } from '../../report/corpus.ts';
import { attack, hostileReport } from '../../report/hostile.ts';
import { reportEvent } from '../open-home.ts';
import { openPages, type Pages } from './open-page.ts';

const target = 'https://gateway.example:8443/';

/** Brings reports as if each source had sent its own. */
async function bring(
  home: Pages,
  reports: readonly (readonly [string, Record<string, unknown>])[],
  round = '',
) {
  for (const [index, [source, facts]] of reports.entries()) {
    const event = reportEvent(`${source}-${index}-${round}`, { ...facts, source });
    const time = isoTime(round === '' ? systemClock.now() : Number(round));
    const sender = { name: source, identity: source };
    await home.intake.take([{ ...event, time }], sender);
  }
}

function refusal(name: string, facts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    agent: { host: `${name}.example`, delegate: { name, account: 'a-1' } },
    target: { url: target, host: 'gateway.example', port: 8443 },
    outcome: 'rejected',
    layer: 'tls',
    event: 'state-changed',
    alerts: [{ direction: 'received', level: 'fatal', code: 48, description: 'unknown_ca' }],
    cause: {
      code: 'gateway-client-ca-changed',
      title: 'The gateway changed the client CA that it accepts',
      side: 'gateway',
      confidence: 'certain',
      remedy: 'Restore the client CA at the gateway.',
    },
    ...facts,
  };
}

const accepted = (name: string): Record<string, unknown> =>
  refusal(name, { outcome: 'accepted', alerts: [], cause: null });

test('an open incident is answered on the first screen: what, whose, since when, how many, what to do', async () => {
  const home = await openPages();
  await bring(
    home,
    ['a', 'b', 'c', 'd'].map((name) => [name, refusal(name)]),
  );
  const { text } = await home.ask('/ui/');
  const words = text.replaceAll(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(words).toContain('1 incident is open');
  expect(words).toContain('The gateway changed the client CA that it accepts');
  expect(words).toContain('The gateway must act. That is certain.');
  expect(words).toMatch(/Since \d\d:\d\d:\d\d UTC (?:just now|\d+ seconds ago)/);
  expect(words).toMatch(/[34] of [34] delegates 100 %/);
  expect(words).toContain('alert 48 (unknown_ca) from the gateway');
  expect(words).toContain('What to do Restore the client CA at the gateway.');
  expect(text).toContain('data-news="1 incident is open."');
});

test('the ways lead from the incident to its delegates, to one of them, and to its report', async () => {
  const home = await openPages();
  await bring(home, [...['a', 'b', 'c', 'd'].map((name) => [name, refusal(name)] as const)]);
  const follow = async (from: string, link: RegExp): Promise<string> => {
    const { status, text } = await home.ask(from);
    expect(status).toBe(200);
    const [, to = ''] = link.exec(text) ?? [];
    expect(to).not.toBe('');
    return to.replaceAll('&amp;', '&');
  };
  const incident = await follow('/ui/', /href="(\/ui\/incident\?[^"]+)"/);
  const those = await follow(incident, /href="(\/ui\/delegates\?incident=[^"]+)"/);
  const delegate = await follow(those, /href="(\/ui\/delegate\?of=[^"]+)"/);
  const report = await follow(delegate, /href="(\/ui\/report\?arrival=\d+)"/);
  expect((await home.ask(report)).text).toContain('A report that cannot be told');
});

test('a well-formed report is told with its handshake', async () => {
  const home = await openPages();
  await bring(home, [['a', { ...corpus['client-ca-changed'] }]]);
  const { text } = await home.ask('/ui/report?arrival=1');
  expect(text).toContain('<figure class="ladder">');
  expect(text).toContain('<header class="verdict rejected">');
});

const paths = [
  ...['/ui/', '/ui/?by=account', '/ui/delegates', '/ui/incidents'],
  ...['/ui/report?arrival=1', '/ui/report?arrival=4'],
  `/ui/delegate?of=${encodeURIComponent('hostile "><script>alert(3)</script>1')}`,
  `/ui/delegates?${new URLSearchParams({ q: attack, target: attack, account: attack, incident: attack })}`,
  `/ui/login?${new URLSearchParams({ to: attack })}`,
  `/ui/incident?${new URLSearchParams({ id: attack })}`,
];

test('nothing of a hostile report or address becomes markup in any view', async () => {
  const home = await openPages();
  const agent = { host: attack, delegate: { name: attack, account: attack } };
  const hostile = { ...hostileReport, agent };
  const sources = [1, 2, 3].map((number) => `hostile "><script>alert(3)</script>${number}`);
  await bring(home, [
    ...sources.map((source) => [source, hostile] as const),
    ['told', { ...corpus['client-ca-changed'], agent: { ...corpus['accepted']?.agent, ...agent } }],
  ]);
  const [incident] = home.incidents.open();
  expect(incident?.affected).toBe(3);
  for (const path of [...paths, `/ui/incident?id=${incident?.id}`]) {
    const { text } = await home.ask(path);
    const body = text
      .replace(/<style>[\s\S]*?<\/style>/, '')
      .replace(/<script>\(\(\)[\s\S]*?<\/script>/, '');
    expect(body).not.toMatch(/<script|<img|<iframe|<object|<base|<link|javascript:/i);
    for (const tag of body.match(/<[a-z][^>]*>/gi) ?? []) {
      expect(tag.replaceAll(/"[^"]*"/g, '')).not.toMatch(/\s(?:on\w+|style|src)\s*=/i);
      expect(tag.match(/href="([^"]*)"/)?.[1] ?? '/ui/').toMatch(/^(?:\/ui\/|#main$|$)/);
    }
    expect([...body].filter((each) => /[\p{Cc}\u202e]/u.test(each) && each !== '\n')).toEqual([]);
  }
});

test('the policy names the one script and the one style by their hashes, and allows nothing else', async () => {
  const { ask } = await openPages();
  for (const path of ['/ui/', '/ui/nothing', '/ui/login']) {
    const { headers, text } = await ask(path);
    const hashOf = (tag: string): string => {
      const [, content = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text) ?? [];
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    const isRedirect = text === '';
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'sha256-");
    if (!isRedirect) {
      expect(headers['content-security-policy']).toContain(`script-src ${hashOf('script')}`);
      expect(headers['content-security-policy']).toContain(`style-src ${hashOf('style')}`);
    }
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

test('delegates are found, filtered and shown fifty at a time, in the order of their numbers', async () => {
  const home = await openPages();
  const names = [...Array(120).keys()].map((number) => `delegate-${number}`);
  await bring(
    home,
    names.map((name, index) => [name, index === 7 ? refusal(name) : accepted(name)]),
  );
  const shown = async (query: string) => {
    const { text } = await home.ask(`/ui/delegates?${query}`);
    return [...text.matchAll(/<th scope="row"[^>]*><a [^>]*>([^<]+)<\/a>/g)].map(
      ([, name]) => name,
    );
  };
  expect(await shown('')).toEqual(names.slice(0, 50));
  expect(await shown('page=3')).toEqual(names.slice(100));
  // A page that is not there is the last one.
  expect(await shown('page=99')).toEqual(names.slice(100));
  expect(await shown('q=GATE-11')).toEqual(['delegate-11', ...names.slice(110)]);
  expect(await shown('state=failing')).toEqual(['delegate-7']);
  expect(await shown('state=own')).toEqual(['delegate-7']);
  expect(await shown('state=rejected&account=a-1')).toEqual(['delegate-7']);
  expect(await shown('account=a-2')).toEqual([]);
  expect(await shown('target=elsewhere')).toEqual([]);
  expect(await shown('state=no-state&page=-1')).toEqual(names.slice(0, 50));
});

test('a delegate with many reports shows fifty, and leads to the older ones', async () => {
  const home = await openPages();
  await bring(
    home,
    Array.from({ length: 60 }, () => ['a', accepted('a')] as const),
  );
  const reports = (text: string) => text.match(/href="\/ui\/report\?arrival=\d+"><time/g)?.length;
  const { text } = await home.ask('/ui/delegate?of=a');
  expect(reports(text)).toBe(50);
  const [, older = ''] = /href="([^"]+)">Older/.exec(text) ?? [];
  const next = (await home.ask(older.replaceAll('&amp;', '&'))).text;
  expect(reports(next)).toBe(10);
  expect(next).toContain('Newest');
  expect(next).not.toContain('Older');
});

test('many that fall silent are an incident and no trouble of their own, and each shows since when', async () => {
  const due: (() => void)[] = [];
  let nowMs = Date.parse('2025-08-26T12:00:00.000Z');
  const clock = {
    ...systemClock,
    now: () => nowMs,
    monotonicMs: () => nowMs,
    after: (delayMs: number, callback: () => void) => {
      if (delayMs < 500) return systemClock.after(delayMs, callback);
      due.push(callback);
      return () => {};
    },
  };
  const home = await openPages({ clock });
  const names = [...Array(20).keys()].map((number) => `d-${number}`);
  const beat = async (some: readonly string[]) => {
    nowMs += 60_000;
    const reports = some.map((name) => [name, { ...accepted(name), event: 'heartbeat' }] as const);
    await bring(home, reports, `${nowMs}`);
    for (const callback of due.splice(0)) callback();
  };
  for (let beats = 0; beats < 4; beats += 1) await beat(names);
  for (let beats = 0; beats < 8; beats += 1) await beat(names.slice(4));
  const [incident] = home.incidents.open();
  expect([incident?.kind, incident?.affected]).toEqual(['silence', 4]);
  const those = (await home.ask(`/ui/delegates?incident=${incident?.id}`)).text;
  expect(those).toContain('>4 delegates of 20<');
  expect(those).toMatch(/no longer reports <a href="\/ui\/incident/);
  expect((await home.ask('/ui/delegates?state=own')).text).toContain('>0 delegates of 20<');
  const one = (await home.ask('/ui/delegate?of=d-0')).text;
  expect(one).toContain('It no longer reports.');
  expect(one).toContain('the latest: silent');
  expect((await home.ask('/ui/')).text).toContain('See whether their hosts run');
});

test.for([
  [
    '2024-08-27T12:00:00.000Z',
    /<time datetime="2024-08-27T12[^>]*>2024-08-27 12:00:00 UTC<\/time> <span[^>]*>\d{3} days before it arrived/,
  ],
  [
    '0001-01-01T00:00:00.000Z',
    />0001-01-01 00:00:00 UTC<\/time> <span[^>]*>\d{6} days before it arrived/,
  ],
  [
    '2039-01-01T00:00:00.000Z',
    />2039-01-01 00:00:00 UTC<\/time> <span[^>]*>\d{4} days after it arrived/,
  ],
] as const)(
  "a report of a clock that says %s is told by home's clock, and what its own said",
  async ([time, own]) => {
    const home = await openPages();
    const sender = { name: 's', identity: 's' };
    for (const [id, facts] of [accepted('a'), refusal('a')].entries()) {
      await home.intake.take(
        [{ ...reportEvent(`r-${id}`, { ...facts, source: 'a' }), time }],
        sender,
      );
    }
    const { text } = await home.ask('/ui/delegate?of=a');
    expect(text).toMatch(
      /gateway\.example:8443\/ over (?:less than a second|\d seconds?): 2 reports with 1 change/,
    );
    const [, history = ''] = /<section id="history"([\s\S]*?)<\/section>/.exec(text) ?? [];
    expect(history).not.toMatch(/\d days/);
    const [, row = ''] = /<tr role="row" id="row-2">(.*?)<\/tr>/.exec(text) ?? [];
    expect(row).toMatch(
      /^<th [^>]*><a [^>]*><time [^>]*>[\d:]+ UTC<\/time> <span[^>]*>(?:just now|\d seconds ago)</,
    );
    expect(row).toMatch(own);
    const report = (await home.ask('/ui/report?arrival=2')).text;
    expect(report).toContain("All times below are its agent's own clock, which said ");
    expect(report).toMatch(own);
  },
);

test('a report that came as soon as it was made says no second time', async () => {
  const home = await openPages();
  await bring(home, [['a', accepted('a')]], `${systemClock.now()}`);
  const { text } = await home.ask('/ui/delegate?of=a');
  expect(text).toContain('<td role="cell" data-label="by its own clock"></td>');
  expect((await home.ask('/ui/report?arrival=1')).text).toContain('own clock.</p>');
});

test('those who are called the same are told apart by who brought them and by their source', async () => {
  const home = await openPages();
  const facts = { ...accepted('vm'), agent: { host: 'vm' } };
  const take = (source: string, name: string) =>
    home.intake.take([reportEvent(`${source} ${name}`, { ...facts, source })], {
      name,
      identity: name,
    });
  for (const name of ['d1', 'd3', 'd4']) await take(`urn:${name}`, name);
  // Somebody else's source: it becomes one of its own.
  await take('urn:d1', 'd2');
  await bring(home, [['alone', accepted('alone')]]);
  const { text } = await home.ask('/ui/delegates');
  const rows = [...text.matchAll(/<tr role="row" id="row-.*?<\/tr>/g)].map(([row]) => [
    /<a [^>]*>([^<]*)<\/a>(?: <span class="source">([^<]*)<)?/.exec(row)?.slice(1),
    /data-label="brought by">([^<]*)</.exec(row)?.[1],
  ]);
  expect(rows.toSorted()).toEqual([
    [['alone', undefined], 'alone'],
    [['vm', 'd2 urn:d1'], 'd2'],
    [['vm', 'urn:d1'], 'd1'],
    [['vm', 'urn:d3'], 'd3'],
    [['vm', 'urn:d4'], 'd4'],
  ]);
  const one = (await home.ask('/ui/delegate?of=d2+urn%3Ad1')).text;
  expect(one).toContain('<dt>brought by</dt><dd>d2</dd>');
  expect(one).toContain('<dt>source</dt><dd><span class="mono">urn:d1</span></dd>');
  expect(one).toContain('<span class="mono">d2 urn:d1</span>, for another sender brought that');
  expect(one).toContain('Others are called the same');
  const alone = (await home.ask('/ui/delegate?of=alone')).text;
  expect(alone).toContain('<dt>brought by</dt><dd>alone</dd>');
  expect(alone).not.toMatch(/known here as|are called the same/);
});

test('of an incident, too, those who are called the same are told apart', async () => {
  const home = await openPages();
  await bring(
    home,
    ['urn:1', 'urn:2', 'urn:3'].map((source) => [source, refusal('vm')]),
  );
  const { text } = await home.ask(`/ui/incident?id=${home.incidents.open()[0]?.id}`);
  for (const source of ['urn:1', 'urn:2', 'urn:3']) {
    expect(text).toContain(`>vm</a> <span class="source">${source}</span>`);
  }
});

test('every id on a page is one, and every form control has a label', async () => {
  const home = await openPages();
  await bring(
    home,
    ['a', 'b', 'c', 'd'].map((name) => [name, refusal(name)]),
  );
  const targets = [8443, 9443, 9444].map((port) => ({
    target: { url: `https://gateway.example:${port}/ b`, host: 'gateway.example', port },
  }));
  await bring(home, [
    ...targets.map((each) => ['several', refusal('several', each)] as const),
    ['told', { ...corpus['client-ca-changed'] }],
  ]);
  const [incident] = home.incidents.open();
  for (const path of [
    '/ui/',
    '/ui/delegates',
    '/ui/incidents',
    '/ui/delegate?of=several',
    '/ui/report?arrival=8',
    `/ui/incident?id=${incident?.id}`,
  ]) {
    const { status, text } = await home.ask(path);
    expect(status).toBe(200);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of text.matchAll(/<(?:input|select) id="([^"]+)"/g)) {
      expect(text).toContain(`<label for="${id}">`);
    }
    expect(text.match(/<h1/g)).toHaveLength(1);
  }
});
