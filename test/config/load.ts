/** Loads a configuration from literals, as the tests of this room need it. */
import { CannotRun } from '../../src/base/cannot-run.ts';
import type { Config } from '../../src/config/config.ts';
import { type LoadInput, loadConfig } from '../../src/config/load-config.ts';

export interface Given extends Partial<Omit<LoadInput, 'readFile' | 'exists'>> {
  /** Contents by path; an Error is thrown. */
  readonly files?: Readonly<Record<string, string | Error>>;
}

export const url = 'https://gw.example.com:8443/status';

/** A target is given unless `urls` says otherwise. */
export function load({ files = {}, ...given }: Given = {}): Config {
  return loadConfig({
    command: 'check',
    options: {},
    urls: [url],
    env: {},
    readFile: (path) => {
      const content = files[path] ?? errno('ENOENT');
      if (typeof content === 'string') return content;
      throw content;
    },
    exists: (path) => path in files,
    ...given,
  });
}

export function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Every problem, as `where: what (expected)`. */
export function problemsOf(given: Given): readonly string[] {
  try {
    load(given);
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    return error.problems.map(({ where, what, expected }) => `${where}: ${what} (${expected})`);
  }
  return [];
}

/** `value < origin` of one setting in `--show-config`. */
export function originOf(config: Config, setting: string): string {
  const found = config.origins.filter((row) => row.setting === setting);
  return found.map(({ value, origin }) => `${value} < ${origin}`).join(' & ');
}
