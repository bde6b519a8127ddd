/** The error for what we could not do, as opposed to what the network did, which is evidence. */

/** One thing wrong with what we were given, in words for a person. */
export interface Problem {
  /** Where it stands: an option (`--cert`), a variable (`SIDELIGHT_CERT`), a file and key (`a.json: targets[0].url`). */
  readonly where: string;
  /** What is wrong, with the offending value where it is no secret. */
  readonly what: string;
  /** What is expected, or the next step. */
  readonly expected: string;
}

/** Thrown with every problem at once; printed in one place, without a stack; exit code 2. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(({ where, what }) => `${where}: ${what}`).join('; '), options);
    this.problems = problems;
  }
}

/** The code of an error as the system or OpenSSL gave it (`ECONNREFUSED`); decisions rest on it, never on text. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
