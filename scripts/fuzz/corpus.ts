/** Inputs on which something once failed, made small and kept for ever: `test/corpus/fuzz/<target>/<digest>`. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = join(import.meta.dirname, '../../test/corpus/fuzz');

export interface KeptInput {
  readonly name: string;
  readonly octets: Uint8Array;
}

export function keptInputs(target: string): readonly KeptInput[] {
  const folder = join(directory, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, octets: readFileSync(join(folder, name)) }));
}

/** Gives the path of the file. */
export function keepInput(target: string, octets: Uint8Array): string {
  const folder = join(directory, target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash('sha256').update(octets).digest('hex').slice(0, 12));
  writeFileSync(path, octets);
  return path;
}
