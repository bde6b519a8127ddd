/** The page holds what the report says, and nothing that a report says becomes markup. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { html } from '../../src/format/html.ts';
import type { Report } from '../../src/report/report.ts';
import { corpus } from '../report/corpus.ts';
import { hostileReport } from '../report/hostile.ts';

const reports = Object.entries({ ...corpus, hostile: hostileReport });
const withoutStyle = (page: string): string => page.replace(/<style>[\s\S]*<\/style>/, '');

test.for(reports)('%s: no script, no handler, no address that is loaded', ([, report]) => {
  const page = html(report);
  expect(page).not.toMatch(/<script|<img|<link|<iframe|<object|<form|<a\b|<base|<foreignObject/i);
  const tags = withoutStyle(page).match(/<[^!/][^>]*>/g) ?? [];
  expect(tags.length).toBeGreaterThan(100);
  for (const tag of tags) expect(tag).not.toMatch(/\s(on\w+|src|href|style|xlink:href)\s*=/i);
  expect(page).not.toMatch(/url\(|@import|https?:[^<]*\.css/);
});

test('the tags of a hostile report are those of a plain one', () => {
  const tagsOf = (report: Report) =>
    new Set(withoutStyle(html(report)).match(/<\/?[a-z][a-z0-9]*/gi));
  const known = new Set(Object.values(corpus).flatMap((report) => [...tagsOf(report)]));
  expect([...tagsOf(hostileReport)].filter((tag) => !known.has(tag))).toEqual([]);
  const page = html(hostileReport);
  expect(page).toContain('&lt;/script&gt;&lt;/style&gt;&lt;script&gt;alert(1)');
  const unsafe = [...page].filter((each) => /[\p{Cc}\u202e]/u.test(each) && each !== '\n');
  expect(unsafe).toEqual([]);
});

test('the policy names the one style by its hash, and nothing else', () => {
  const page = html(corpus['accepted'] as Report);
  const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  expect(policy?.replaceAll('&#39;', "'")).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
});

test.for(reports)('%s: one heading of the first level, and none is skipped', ([, report]) => {
  const levels = [...html(report).matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
  expect(levels[0]).toBe(1);
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  levels.reduce((before, level) => {
    expect(level).toBeLessThanOrEqual(before + 1);
    return level;
  });
});

test.for(reports)('%s: every picture says in words what it shows', ([, report]) => {
  const page = html(report);
  const pictures = [...page.matchAll(/<svg role="img" aria-labelledby="([^"]+)"/g)];
  const ids = pictures.flatMap(([, names = '']) => names.split(' '));
  for (const id of ids) expect(page).toMatch(new RegExp(` id="${id}">[^<]`));
  expect(page.match(/<figure/g) ?? []).toHaveLength(pictures.length);
  const all = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(all).size).toBe(all.length);
});

test('the verdict stands before everything else: outcome, cause, side, next step', () => {
  const report = corpus['client-ca-changed'] as Report;
  const [verdict = ''] = html(report).split('<main>');
  for (const said of [
    ...['Rejected: gateway.example port 8443', report.cause?.title, report.cause?.remedy],
    ...['the gateway must act', 'certain', 'gateway-client-ca-changed'],
  ]) {
    expect(verdict).toContain(said?.replaceAll("'", '&#39;'));
  }
});

test('the ladder draws each message its own way and marks the alert', () => {
  const report = corpus['client-ca-changed'] as Report;
  const alert = { direction: 'received', name: 'alert', sizeBytes: 2 } as const;
  const tls = {
    ...report.tls!,
    transcript: [...report.tls!.transcript, { ...alert, encrypted: true, atMs: 12.3 }],
  };
  const page = html({ ...report, tls });
  expect(page).toMatch(
    /<g class="rung sent plain clear">\n<text class="name" x="10"[^>]*>client_hello</,
  );
  expect(page).toMatch(/<g class="rung received plain encrypted">[^<]*<text class="name" x="100%"/);
  expect(page).toMatch(
    /<g class="rung received alert fatal encrypted">[^<]*<text [^>]*>⚠ alert 48 unknown_ca</,
  );
  expect(page).toContain('the gateway sent the fatal alert 48 (unknown_ca)');
});

test('certificates are there with fingerprints and dates, ours and the chain of the server', () => {
  const report = corpus['accepted'] as Report;
  const page = html(report);
  for (const each of [report.clientCertificate!, ...report.tls!.serverCertificates!]) {
    expect(page).toContain(`<dd>${each.sha256}</dd>`);
    expect(page).toContain(`<dd>${each.issuer}</dd>`);
  }
  expect(page).toContain('from 2026-06-01 00:00 UTC to 2027-06-01 00:00 UTC, 189 days left');
});

test('the report stands in it as JSON', () => {
  const report = corpus['accepted-with-warnings'] as Report;
  const [, escaped = ''] = /<pre[^>]*><code>([\s\S]*?)<\/code><\/pre>/.exec(html(report)) ?? [];
  const plain = escaped.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  expect(JSON.parse(plain)).toEqual(report);
});

test('what a replay changed and how standing connections ended have sections of their own', () => {
  const report: Report = {
    ...(corpus['expired'] as Report),
    replayed: { outcome: 'failed', cause: null, version: '0.0.9' },
    drops: [{ ageMs: 300_000, how: 'reset' }],
  };
  const page = html(report);
  expect(page).toContain('Sidelight 0.0.9 had concluded otherwise.');
  expect(page).toContain('reset after 300.0 s');
  expect(html(corpus['expired'] as Report)).not.toContain('Diagnosed again');
});
