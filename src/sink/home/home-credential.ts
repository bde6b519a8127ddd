/** What we show to home and what we trust it by, read from files anew for each attempt, because all of it rotates. */
import { readFile } from 'node:fs/promises';
import { errorCode } from '../../base/cannot-run.ts';
import { Secret } from '../../base/secret.ts';
import type { HomeConfig } from '../../config/config.ts';

export interface HomeCredential {
  readonly token?: Secret;
  /** PEM. Absent: Node's own trust anchors. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: Secret;
}

/** A file of ours that cannot be used; `code` is an errno, or `EMPTY` or `MALFORMED` for a token. */
export class CredentialUnreadable extends Error {
  override readonly name = 'CredentialUnreadable';
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/** Throws CredentialUnreadable. */
export async function readHomeCredential(home: HomeConfig): Promise<HomeCredential> {
  const [token, ca, cert, key] = await Promise.all(
    [home.tokenPath, home.caPath, home.certPath, home.keyPath].map(readText),
  );
  return {
    ...(token !== undefined && { token: new Secret(checkedToken(token)) }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key: new Secret(key) }),
  };
}

async function readText(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new CredentialUnreadable(errorCode(error), { cause: error });
  }
}

/** RFC 6750 section 2.1 allows less; anything visible may stand in a header. */
function checkedToken(text: string): string {
  const token = text.trim();
  if (token === '') throw new CredentialUnreadable('EMPTY');
  if (!/^[\x21-\x7e]+$/.test(token)) throw new CredentialUnreadable('MALFORMED');
  return token;
}
