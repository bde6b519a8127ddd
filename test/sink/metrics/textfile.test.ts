import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { openTextfile } from '../../../src/sink/metrics/textfile.ts';
import { temporaryDirectory } from '../../state/temporary.ts';

function open(file: string, text: () => Promise<string>) {
  const said: string[] = [];
  const onTrouble = (code: string): void => void said.push(code);
  return { said, textfile: openTextfile({ file, clock: systemClock, text, onTrouble }) };
}

test('it is written whole, readable by all, with nothing left beside it', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'sidelight.prom');
  const { textfile, said } = open(file, async () => 'probe_success 1\n');
  textfile.touch();
  await textfile.close();
  expect(readFileSync(file, 'utf8')).toBe('probe_success 1\n');
  expect(statSync(file).mode & 0o777).toBe(0o644);
  expect(readdirSync(directory)).toEqual(['sidelight.prom']);
  expect(said).toEqual([]);
});

test('many looks are one writing, and a reader that has the old file open reads it to its end', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'sidelight.prom');
  let written = 0;
  const { textfile } = open(file, async () => {
    written += 1;
    return `probe_success ${written}\n`;
  });
  for (let look = 0; look < 100; look += 1) textfile.touch();
  await expect.poll(() => existsSync(file), { timeout: 3_000 }).toBe(true);
  const before = statSync(file).ino;
  expect(written).toBe(1);
  textfile.touch();
  await textfile.close();
  expect(readFileSync(file, 'utf8')).toBe('probe_success 2\n');
  expect(statSync(file).ino).not.toBe(before);
});

test('a link that somebody laid where it is written is not followed', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'sidelight.prom');
  const precious = join(directory, 'precious');
  writeFileSync(precious, 'precious');
  symlinkSync(precious, join(directory, '.sidelight.prom.new'));
  const { textfile } = open(file, async () => 'x 1\n');
  textfile.touch();
  await textfile.close();
  expect(readFileSync(precious, 'utf8')).toBe('precious');
  expect(readFileSync(file, 'utf8')).toBe('x 1\n');
});

test('a directory that is not there is said once, and that it is over as well', async () => {
  const directory = join(temporaryDirectory(), 'textfile');
  const file = join(directory, 'sidelight.prom');
  const { textfile, said } = open(file, async () => 'x 1\n');
  textfile.touch();
  await textfile.close();
  textfile.touch();
  await textfile.close();
  expect(said).toEqual(['ENOENT']);
  mkdirSync(directory);
  chmodSync(directory, 0o755);
  textfile.touch();
  await textfile.close();
  expect(said).toEqual(['ENOENT', 'none']);
  rmSync(directory, { recursive: true });
});
