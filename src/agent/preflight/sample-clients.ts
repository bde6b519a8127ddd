/** Certificates of today's clients, as samples: pairs of `NAME.crt` and `NAME.key` in a directory, or a certificate alone. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { CannotRun, errorCode } from '../../base/cannot-run.ts';
import { sanitise } from '../../base/sanitise.ts';

export interface SampleClient {
  readonly name: string;
  readonly certPath: string;
  /** Absent: its path can be verified, and no handshake made. */
  readonly keyPath?: string;
}

/** More make a rollout slow and prove little. */
const maxClients = 256;
const certificateName = /\.(?:crt|cert|pem)$/;

/** In the order of their names. Throws CannotRun when there is none. */
export function findClients(path: string): readonly SampleClient[] {
  const files = certificatesIn(path);
  if (files.length > 0 && files.length <= maxClients) return files.map(toClient);
  const count = files.length === 0 ? 'no certificate' : `${files.length} certificates`;
  throw new CannotRun([
    {
      where: '--clients',
      what: `"${sanitise(path)}" holds ${count}`,
      expected: `a directory with 1 to ${maxClients} times NAME.crt, and NAME.key beside it where there is one`,
    },
  ]);
}

function certificatesIn(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => !name.startsWith('.'));
    // A file of a key may end with .pem as well; what is beside a certificate as its key is none.
    return names
      .filter((name) => certificateName.test(name) && !name.endsWith('.key.pem'))
      .sort()
      .map((name) => `${path.replace(/\/+$/, '')}/${name}`);
  } catch (error) {
    const what = `cannot read "${sanitise(path)}" (${errorCode(error)})`;
    const expected = 'a directory with NAME.crt and NAME.key';
    throw new CannotRun([{ where: '--clients', what, expected }], { cause: error });
  }
}

function toClient(certPath: string): SampleClient {
  const stem = certPath.replace(certificateName, '');
  const keyPath = [`${stem}.key`, `${stem}.key.pem`, `${stem}-key.pem`].find((path) =>
    existsSync(path),
  );
  const name = sanitise(stem.slice(stem.lastIndexOf('/') + 1));
  return { name, certPath, ...(keyPath !== undefined && { keyPath }) };
}
