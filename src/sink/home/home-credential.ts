/** What we show to home and what we trust it by, read from files anew for each attempt, because all of it rotates. */
import { createHash } from 'node:crypto';
import { errorCode } from '../../base/cannot-run.ts';
import { readSmallFile } from '../../base/read-small-file.ts';
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
  const [token, ca, cert, key] = [home.tokenPath, home.caPath, home.certPath, home.keyPath].map(
    readText,
  );
  return {
    ...(token !== undefined && { token: new Secret(checkedToken(token)) }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key: new Secret(key) }),
  };
}

/** Tells one credential from another, without a secret in it. */
export function credentialDigest({ token, ca, cert, key }: HomeCredential): string {
  const values = JSON.stringify([token?.reveal(), ca, cert, key?.reveal()]);
  return createHash('sha256').update(values).digest('hex');
}

/** Whether the files hold another credential than that of this digest now; one that cannot be read is none. */
export async function hasCredentialChanged(home: HomeConfig, digest: string): Promise<boolean> {
  try {
    return credentialDigest(await readHomeCredential(home)) !== digest;
  } catch (error) {
    if (error instanceof CredentialUnreadable) return false;
    throw error;
  }
}

function readText(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readSmallFile(path).toString();
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
