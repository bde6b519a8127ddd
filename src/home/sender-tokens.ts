/** The senders that home knows by name, with their tokens or certificates, read from a file that may change while home runs. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import { readSmallFile, smallFileBytes } from '../base/read-small-file.ts';
import { sanitise } from '../base/sanitise.ts';
import type { Admitted } from './sender.ts';

interface KnownToken {
  readonly name: string;
  readonly digest: Buffer;
}

interface Known {
  /** By digest. */
  readonly tokens: ReadonlyMap<string, KnownToken>;
  /** Names by fingerprint. */
  readonly certificates: ReadonlyMap<string, string>;
}

/**
 * One sender a line: `name token`, `token` alone, or `name certificate:<sha256 of the DER, hex>` (in either order);
 * empty lines and lines that begin with `#` say nothing. A name may have several lines, as while a token is replaced.
 */
export class SenderTokens {
  readonly #path: string;
  readonly #flag: string;
  /** Without it nobody can choose tokens whose digests begin like another's, so that how long a look-up takes says nothing. */
  readonly #salt = randomBytes(32).toString('hex');
  #known: Known;
  /** Of the file that was read: inode, size and time of change. */
  #version: string;

  /** Throws CannotRun when the file cannot be read or names nobody. */
  constructor(path: string, flag = '--token-file') {
    this.#path = path;
    this.#flag = flag;
    this.#version = '';
    this.#known = this.#loadAtStart();
  }

  /** `authorization` is the header's value. Takes the same time whichever token it is, or none. */
  check(authorization: string | undefined): Admitted {
    if (!this.#refresh()) return 'unavailable';
    const presented = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const digest = this.#digest(presented);
    const known = this.#known.tokens.get(digest.toString('hex'));
    const isKnown = timingSafeEqual(known?.digest ?? Buffer.alloc(digest.length), digest);
    return known && isKnown ? { sender: { name: known.name, identity: known.name } } : 'unknown';
  }

  /**
   * `sha256` is the fingerprint of a certificate that the client CA issued. Where the file names certificates, only
   * those are let in; where it names none, `unlisted` says that every one is.
   */
  checkCertificate(sha256: string): Admitted | 'unlisted' {
    if (!this.#refresh()) return 'unavailable';
    const { certificates } = this.#known;
    if (certificates.size === 0) return 'unlisted';
    const name = certificates.get(sha256);
    return name === undefined ? 'unknown' : { sender: { name, identity: name } };
  }

  #refresh(): boolean {
    try {
      const version = fileVersion(this.#path);
      if (version !== this.#version) {
        this.#known = this.#read();
        this.#version = version;
      }
      return true;
    } catch {
      this.#version = '';
      return false;
    }
  }

  #loadAtStart(): Known {
    const expected = 'a readable file with one token a line, or a name and a token';
    try {
      this.#version = fileVersion(this.#path);
      const known = this.#read();
      if (known.tokens.size + known.certificates.size > 0) return known;
    } catch (error) {
      const what = `${this.#path} cannot be read (${errorCode(error)})`;
      throw new CannotRun([{ where: this.#flag, what, expected }], { cause: error });
    }
    const what = `${this.#path} holds no token`;
    throw new CannotRun([{ where: this.#flag, what, expected }]);
  }

  #read(): Known {
    const tokens = new Map<string, KnownToken>();
    const certificates = new Map<string, string>();
    for (const { name, secret, sha256 } of parseLines(this.#text())) {
      const digest = this.#digest(secret);
      if (sha256 === undefined) tokens.set(digest.toString('hex'), { name, digest });
      else certificates.set(sha256, name);
    }
    return { tokens, certificates };
  }

  /** Of a hundred thousand senders. */
  #text(): string {
    return readSmallFile(this.#path, { maxBytes: 16 * smallFileBytes }).toString();
  }

  #digest(token: string): Buffer {
    return hash('sha256', this.#salt + token, 'buffer');
  }
}

interface Line {
  readonly name: string;
  readonly secret: string;
  readonly sha256?: string;
}

function parseLines(text: string): readonly Line[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== undefined && first !== '' && !first.startsWith('#'))
    .map((words, index) => {
      const sha256 = words.map(fingerprintOf).find((found) => found !== undefined);
      const ofName = sha256 === undefined ? words.slice(0, -1) : words.filter(isNoFingerprint);
      const fallback = sha256 === undefined ? `token-${index + 1}` : `certificate:${sha256}`;
      const name = sanitise(ofName.join(' ')) || fallback;
      return { name, secret: words.at(-1) ?? '', ...(sha256 !== undefined && { sha256 }) };
    });
}

/** As openssl prints it, with colons and capitals, or as reports have it. */
function fingerprintOf(word: string): string | undefined {
  const hex = /^certificate:([0-9a-f:]+)$/i.exec(word)?.[1]?.replaceAll(':', '').toLowerCase();
  return hex?.length === 64 ? hex : undefined;
}

function isNoFingerprint(word: string): boolean {
  return fingerprintOf(word) === undefined;
}

function fileVersion(path: string): string {
  const { ino, size, ctimeNs } = statSync(path, { bigint: true });
  return `${ino} ${size} ${ctimeNs}`;
}
