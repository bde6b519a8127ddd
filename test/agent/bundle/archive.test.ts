/** Archives are what every tar opens, the same for the same input, and harmless to open here whatever is in them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packArchive, unpackArchive } from '../../../src/agent/bundle/archive.ts';
import { CannotRun } from '../../../src/base/cannot-run.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const time = Date.UTC(2026, 10, 23, 14);
const entries = [
  { name: 'bundle/empty', content: new Uint8Array() },
  { name: 'bundle/one', content: Buffer.from('1') },
  { name: 'bundle/block', content: Buffer.alloc(512, 'x') },
  { name: 'bundle/more', content: Buffer.alloc(513, 'ä') },
];

test('tar lists and unpacks it', () => {
  const path = join(directory, 'a.tar.gz');
  writeFileSync(path, packArchive(entries, time));
  const list = execFileSync('tar', ['--utc', '-tvzf', path], { encoding: 'utf8' });
  expect(list.match(/^-rw------- 0\/0 .* 2026-11-23 14:00 bundle\/.*$/gm)).toHaveLength(4);
  mkdirSync(join(directory, 'out'));
  execFileSync('tar', ['-xzf', path, '-C', join(directory, 'out')]);
  for (const { name, content } of entries) {
    expect(readFileSync(join(directory, 'out', name))).toEqual(Buffer.from(content));
  }
});

test('the same entries at the same time are the same octets', () => {
  expect(packArchive(entries, time)).toEqual(packArchive(entries, time));
});

test('what was packed is unpacked, with gzip and without', () => {
  const packed = packArchive(entries, time);
  for (const form of [packed, gunzipSync(packed)]) {
    const { files } = unpackArchive(form, 'x');
    expect([...(files ?? [])].map(([name, content]) => [name, Buffer.from(content)])).toEqual(
      entries.map(({ name, content }) => [name.slice('bundle/'.length), Buffer.from(content)]),
    );
  }
});

test('what tar itself packed is opened: folders, links and long headers are passed over', () => {
  const folder = join(directory, 'made');
  mkdirSync(folder);
  writeFileSync(join(folder, 'report.json'), '{}');
  execFileSync('ln', ['-s', '/etc/passwd', join(folder, 'link')]);
  writeFileSync(join(folder, `${'long'.repeat(40)}.txt`), 'long');
  for (const format of ['gnu', 'pax']) {
    const octets = execFileSync('tar', ['-c', `--format=${format}`, '-C', directory, 'made']);
    const { files } = unpackArchive(gzipSync(octets), 'x');
    expect(Buffer.from(files?.get('report.json') ?? []).toString()).toBe('{}');
    expect(files?.has('link')).toBe(false);
  }
});

test('of a path only the last part counts', () => {
  const packed = packArchive([{ name: '../../etc/x', content: Buffer.from('y') }], time);
  expect([...(unpackArchive(packed, 'x').files?.keys() ?? [])]).toEqual(['x']);
});

test('what unpacks to more than 64 MiB is refused', () => {
  const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(100_000);
  expect(() => unpackArchive(bomb, 'x')).toThrow('x: unpacks to more than 64 MiB');
});

test('cut off anywhere it is refused', () => {
  const packed = packArchive(entries, time);
  const plain = gunzipSync(packed);
  for (let length = 512; length < plain.length - 1024; length += 256) {
    expect(() => unpackArchive(plain.subarray(0, length), 'x')).toThrow(CannotRun);
  }
  for (let length = 2; length < packed.length; length += 7) {
    expect(() => unpackArchive(packed.subarray(0, length), 'x')).toThrow(CannotRun);
  }
});

test('an octet that changed is refused or changes no more than itself, and never throws anything else', () => {
  const plain = gunzipSync(packArchive(entries, time));
  fc.assert(
    fc.property(fc.nat(plain.length - 1), fc.nat(255), (at, octet) => {
      const damaged = Uint8Array.from(plain);
      damaged[at] = octet;
      try {
        unpackArchive(damaged, 'x');
      } catch (error) {
        expect(error).toBeInstanceOf(CannotRun);
      }
    }),
  );
});

test('what is no archive is given back', () => {
  const text = Buffer.from('{"schema":"sidelight.report/1"}');
  expect(unpackArchive(text, 'x').files).toBeUndefined();
  expect(Buffer.from(unpackArchive(gzipSync(text), 'x').octets)).toEqual(text);
});
