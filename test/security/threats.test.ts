/** SECURITY.md names tests; each is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'SECURITY.md'), 'utf8').replaceAll(/\s+/g, ' ');

interface Named {
  readonly file: string;
  readonly titles: readonly string[];
}

/** A path, and after a colon the titles of tests in it. */
const named: readonly Named[] = [
  ...page.matchAll(/`(test\/[^`]+\.ts)`(?:: ((?:"[^"]+"(?:, )?)+))?/g),
].map(([, file = '', titles = '']) => ({
  file,
  titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
}));

/** As the title of a test: quoted, with what a quotation mark needs. */
const isTitleIn = (title: string, source: string): boolean =>
  ["'", '"', '`'].some((mark) =>
    source.includes(mark + title.replaceAll(mark, `\\${mark}`) + mark),
  );

test('every test that SECURITY.md names is there', () => {
  const missing = named.flatMap(({ file, titles }) => {
    if (!existsSync(join(root, file))) return [file];
    const source = readFileSync(join(root, file), 'utf8');
    return titles.filter((title) => !isTitleIn(title, source)).map((title) => `${file}: ${title}`);
  });
  expect(missing).toEqual([]);
});

test('every title stands behind its file', () => {
  const titles = named.flatMap((one) => one.titles);
  expect(titles.length).toBe([...page.matchAll(/"[^"]+"/g)].length);
  expect(titles.length).toBeGreaterThan(40);
});

test('every threat has a test, and the files of this room are all named', () => {
  const sections = readFileSync(join(root, 'SECURITY.md'), 'utf8').split('\n## ').slice(2);
  for (const section of sections) expect(section).toMatch(/`test\/[^`]+\.test\.ts`: "/);
  for (const name of readdirSync(import.meta.dirname)) {
    if (name !== 'threats.test.ts') expect(page).toContain(`test/security/${name}`);
  }
});
