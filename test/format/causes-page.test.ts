/** The page of causes and alerts says what the program says. Renewed with `npx vitest run test/format/causes-page.test.ts -u`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { causesPage } from '../../scripts/causes-page.ts';
import { catalogue } from '../../src/diagnosis/catalogue.ts';
import { explain } from '../../src/format/explain.ts';
import { alerts } from '../../src/tls/alert.ts';

const path = resolve(import.meta.dirname, '../../docs/causes.md');

test('the page is the one that the program makes', async () => {
  await expect(causesPage()).toMatchFileSnapshot(path);
});

const headings = [...readFileSync(path, 'utf8').matchAll(/^### (.+)$/gm)].map(([, text]) => text);

test('every cause and every alert has one heading, and every heading is one of them', () => {
  const known = [...catalogue.map(({ code }) => code), ...Object.values(alerts)];
  expect(headings.toSorted()).toEqual(known.toSorted());
});

test.for(headings)('explain knows the heading %s', (heading) => {
  expect(explain(heading ?? '')).toBeDefined();
});

const codes = new Set(catalogue.map(({ code }) => code));
/** Words of the page that have the shape of a code and are none. */
const codeLike = /\b(?:client|server|gateway|proxy|dns|tcp|handshake)-[a-z0-9]+(?:-[a-z0-9]+)+\b/g;

test.for(catalogue)('$code speaks only of causes that exist', ({ documentation }) => {
  const named = documentation.match(codeLike) ?? [];
  expect(named.filter((code) => !codes.has(code))).toEqual([]);
});
