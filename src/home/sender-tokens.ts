/** The bearer tokens that home accepts, read from a file that may change while home runs. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { CannotRun, errorCode } from '../base/cannot-run.ts';

/** `unavailable`: the file cannot be read now; nobody is let in on old knowledge. */
export type TokenCheck = { readonly sender: string } | 'unknown' | 'unavailable';

interface KnownToken {
  readonly sender: string;
  readonly digest: Buffer;
}

/** One token a line, or `name token`; empty lines and lines that begin with `#` say nothing. */
export class SenderTokens {
  readonly #path: string;
  #tokens: readonly KnownToken[] = [];
  /** Of the file that was read: inode, size and time of change. */
  #version = '';

  /** Throws CannotRun when the file cannot be read or holds no token. */
  constructor(path: string) {
    this.#path = path;
    this.#tokens = loadAtStart(path);
    this.#version = fileVersion(path);
  }

  /** `authorization` is the header's value. Takes the same time whichever token it is, or none. */
  check(authorization: string | undefined): TokenCheck {
    if (!this.#refresh()) return 'unavailable';
    const presented = digest(/^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1] ?? '');
    let sender: string | undefined;
    for (const token of this.#tokens) {
      if (timingSafeEqual(token.digest, presented)) sender = token.sender;
    }
    return sender === undefined ? 'unknown' : { sender };
  }

  #refresh(): boolean {
    try {
      const version = fileVersion(this.#path);
      if (version === this.#version) return true;
      this.#tokens = parseTokens(readFileSync(this.#path, 'utf8'));
      this.#version = version;
      return true;
    } catch {
      this.#version = '';
      return false;
    }
  }
}

function loadAtStart(path: string): readonly KnownToken[] {
  const expected = 'a readable file with one token a line, or a name and a token';
  try {
    const tokens = parseTokens(readFileSync(path, 'utf8'));
    if (tokens.length > 0) return tokens;
  } catch (error) {
    const what = `${path} cannot be read (${errorCode(error)})`;
    throw new CannotRun([{ where: '--token-file', what, expected }], { cause: error });
  }
  throw new CannotRun([{ where: '--token-file', what: `${path} holds no token`, expected }]);
}

function fileVersion(path: string): string {
  const { ino, size, ctimeNs } = statSync(path, { bigint: true });
  return `${ino} ${size} ${ctimeNs}`;
}

function parseTokens(text: string): readonly KnownToken[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== undefined && first !== '' && !first.startsWith('#'))
    .map((words, index) => {
      const token = words.at(-1) ?? '';
      const sender = words.length > 1 ? words.slice(0, -1).join(' ') : `token-${index + 1}`;
      return { sender, digest: digest(token) };
    });
}

/** Digests have one length, which a comparison in constant time needs. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
