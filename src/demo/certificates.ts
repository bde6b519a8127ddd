/** The certificates of the demo, minted on the spot: two authorities that matter, one that should not be there, and two peers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun, errorCode } from '../base/cannot-run.ts';
import type { Clock } from '../base/clock.ts';
import { type Minted, mintCertificate } from '../x509/mint.ts';

export interface DemoCertificates {
  /** Signs delegates' certificates: what the gateway ought to trust. */
  readonly delegateCa: Minted;
  /** What the rotation puts in its place. */
  readonly wrongCa: Minted;
  /** Signs the gateway's and home's certificate: what the delegate trusts. */
  readonly serverCa: Minted;
  readonly server: Minted;
  /** What the agent reads, as files of a temporary directory. */
  readonly files: DemoFiles;
  remove(): void;
}

export interface DemoFiles {
  readonly directory: string;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly homeToken: string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export async function mintDemoCertificates(clock: Clock, token: string): Promise<DemoCertificates> {
  const directory = makeDirectory();
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    const minted = await mintAll(clock);
    return { ...minted, files: writeFiles(directory, minted, token), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** In memory where the root is read-only, as in containers; an agent and home need files all the same. Throws CannotRun. */
function makeDirectory(): string {
  const failures: string[] = [];
  for (const place of new Set([tmpdir(), '/tmp', '/dev/shm'])) {
    try {
      return mkdtempSync(join(place, 'sidelight-demo-'));
    } catch (error) {
      failures.push(`${place} (${errorCode(error)})`);
    }
  }
  const what = `needs a directory for keys that end with it, and can make none in ${failures.join(' and ')}`;
  const expected = 'TMPDIR=DIR sidelight demo, with a directory that this user may write';
  throw new CannotRun([{ where: 'demo', what, expected }]);
}

type MintedAll = Omit<DemoCertificates, 'files' | 'remove'> & { readonly client: Minted };

async function mintAll(clock: Clock): Promise<MintedAll> {
  const now = clock.now();
  const validity = { notBeforeMs: now - hourMs, notAfterMs: now + 90 * dayMs };
  const authority = (subject: string) => mintCertificate({ subject, isCa: true, ...validity });
  const delegateCa = await authority('CN=Delegate CA,O=Example Customer');
  const wrongCa = await authority('CN=Billing Service CA,O=Example Vendor');
  const serverCa = await authority('CN=Gateway CA,O=Example Vendor');
  const server = await mintCertificate({
    subject: 'CN=localhost,O=Example Vendor',
    issuer: serverCa,
    extendedKeyUsage: ['serverAuth'],
    subjectAltNames: ['DNS:localhost', 'IP:127.0.0.1'],
    ...validity,
  });
  const client = await mintCertificate({
    subject: 'CN=delegate-1,O=Example Customer',
    issuer: delegateCa,
    extendedKeyUsage: ['clientAuth'],
    ...validity,
  });
  return { delegateCa, wrongCa, serverCa, server, client };
}

function writeFiles(
  directory: string,
  { client, serverCa }: Pick<MintedAll, 'client' | 'serverCa'>,
  token: string,
): DemoFiles {
  const write = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  return {
    directory,
    cert: write('client.crt', client.certPem),
    key: write('client.key', client.keyPem),
    ca: write('ca.crt', serverCa.certPem),
    homeToken: write('home.token', `${token}\n`),
  };
}
