/** Signatures by Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256 over id, timestamp and body. */
import { createHmac } from 'node:crypto';
import { errorCode } from '../../base/cannot-run.ts';
import { readSmallFile } from '../../base/read-small-file.ts';
import { Secret } from '../../base/secret.ts';
import { CredentialUnreadable } from '../../sink/home/home-credential.ts';

const prefix = 'whsec_';
/** The standard asks for 24 to 64 octets; more do no harm, fewer do. */
const leastOctets = 24;
const mostSecrets = 8;

/** Read anew for each attempt, because secrets rotate. Throws CredentialUnreadable. */
export function readSecrets(path: string): readonly Secret[] {
  const secrets = textOf(path)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(0, mostSecrets)
    .map((line) => new Secret(line));
  if (secrets.length === 0) throw new CredentialUnreadable('EMPTY');
  for (const secret of secrets) keyOf(secret);
  return secrets;
}

function textOf(path: string): string {
  try {
    return readSmallFile(path).toString();
  } catch (error) {
    throw new CredentialUnreadable(errorCode(error), { cause: error });
  }
}

export interface Signed {
  readonly id: string;
  /** Of this attempt, in seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/** `v1,<base64>` for each secret, separated by spaces. */
export function signatures(secrets: readonly Secret[], { id, timestamp, body }: Signed): string {
  return secrets
    .map((secret) => {
      const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
      return `v1,${mac.digest('base64')}`;
    })
    .join(' ');
}

/** After `whsec_` base64; anything else is taken by its octets. Throws CredentialUnreadable. */
function keyOf(secret: Secret): Buffer {
  const text = secret.reveal();
  const isEncoded = text.startsWith(prefix);
  const encoded = text.slice(prefix.length);
  if (isEncoded && !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) {
    throw new CredentialUnreadable('MALFORMED');
  }
  const key = isEncoded ? Buffer.from(encoded, 'base64') : Buffer.from(text);
  if (key.length < leastOctets) throw new CredentialUnreadable('TOO_SHORT');
  return key;
}
