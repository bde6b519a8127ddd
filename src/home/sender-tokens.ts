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
  /** Names by fingerprint; under `any` where the file lets in every certificate. */
  readonly certificates: ReadonlyMap<string, string>;
  /** By name: for how many delegates it speaks, where a line says so. */
  readonly delegates: ReadonlyMap<string, number>;
}

/**
 * One sender a line: `name token`, `token` alone, or `name certificate:<sha256 of the DER, hex>` (in either order);
 * `delegates=N` before the token says for how many delegates it speaks; empty lines and lines that begin with `#` say
 * nothing. A name may have several lines, as while a token is replaced. `certificate:any` lets in every certificate of
 * the client CA: without it no certificate gets in that no line names, whether or not any line names one.
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
   * `sha256` is the fingerprint of a certificate that the client CA issued. `unlisted`: no line names it, and one lets
   * in every certificate.
   */
  checkCertificate(sha256: string): Admitted | 'unlisted' {
    if (!this.#refresh()) return 'unavailable';
    const { certificates } = this.#known;
    const name = certificates.get(sha256);
    if (name !== undefined) return { sender: { name, identity: name } };
    return certificates.has(anyCertificate) ? 'unlisted' : 'unknown';
  }

  /** For how many delegates this sender speaks, as its lines say; undefined where they do not. */
  delegatesOf(name: string): number | undefined {
    return this.#known.delegates.get(name);
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
    const delegates = new Map<string, number>();
    for (const { name, secret, sha256, speaksFor } of parseLines(this.#text())) {
      const digest = this.#digest(secret);
      if (speaksFor !== undefined) {
        delegates.set(name, Math.max(delegates.get(name) ?? 0, speaksFor));
      }
      if (sha256 === undefined) tokens.set(digest.toString('hex'), { name, digest });
      else certificates.set(sha256, name);
    }
    return { tokens, certificates, delegates };
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
  /** Or `any`. */
  readonly sha256?: string;
  readonly speaksFor?: number;
}

const anyCertificate = 'any';

function parseLines(text: string): readonly Line[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== undefined && first !== '' && !first.startsWith('#'))
    .map((words, index) => {
      const sha256 = words.map(fingerprintOf).find((found) => found !== undefined);
      const others = sha256 === undefined ? words.slice(0, -1) : words.filter(isNoFingerprint);
      const ofName = others.filter((word) => numberOf(word) === undefined);
      const speaksFor = others.map(numberOf).find((found) => found !== undefined);
      const fallback = sha256 === undefined ? `token-${index + 1}` : `certificate:${sha256}`;
      const name = sanitise(ofName.join(' ')) || fallback;
      return {
        name,
        secret: words.at(-1) ?? '',
        ...(sha256 !== undefined && { sha256 }),
        ...(speaksFor !== undefined && { speaksFor }),
      };
    });
}

/** As openssl prints it, with colons and capitals, or as reports have it. */
function fingerprintOf(word: string): string | undefined {
  const said = /^certificate:(any|[0-9a-f:]+)$/i.exec(word)?.[1]?.replaceAll(':', '').toLowerCase();
  return said === anyCertificate || said?.length === 64 ? said : undefined;
}

function numberOf(word: string): number | undefined {
  const digits = /^delegates=([1-9]\d{0,6})$/.exec(word)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function isNoFingerprint(word: string): boolean {
  return fingerprintOf(word) === undefined;
}

function fileVersion(path: string): string {
  const { ino, size, ctimeNs } = statSync(path, { bigint: true });
  return `${ino} ${size} ${ctimeNs}`;
}
