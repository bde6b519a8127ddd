/** `sidelight run` while its credential is replaced: half a pair is named, and the whole one is tried at once. */
import { chmodSync, copyFileSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGateway } from '../../src/demo/gateway.ts';
import { type EventCode, eventCodeOf } from '../../src/report/event.ts';
import type { Report } from '../../src/report/report.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const older = pki.leaf({ cn: 'delegate-1', ca });
const newer = pki.leaf({ cn: 'delegate-1', ca });
const expired = pki.leaf({ cn: 'delegate-1', ca, notAfter: new Date(Date.now() - 60_000) });

const leaky = pki.leaf({ cn: 'delegate-1', ca });

interface Watched {
  /** One file alone. */
  readonly replace: (name: string, path: string) => void;
  /** Both at once, as Kubernetes does. */
  readonly swap: (next: Issued, keyMode?: number) => void;
  readonly events: () => readonly Report[];
  /** Waits for that many events, and gives their codes. */
  readonly told: (count: number) => Promise<readonly EventCode[]>;
  readonly end: () => Promise<void>;
}

/** An agent that looks once an hour, and at once when its files change. */
async function watch(name: string, more: readonly string[] = []): Promise<Watched> {
  const files = join(pki.dir, name);
  mkdirSync(files);
  const replace = (file: string, path: string): void => {
    copyFileSync(path, join(files, `${file}.new`));
    renameSync(join(files, `${file}.new`), join(files, file));
  };
  let issues = 0;
  const swap = (next: Issued, keyMode = 0o600): void => {
    issues += 1;
    const issue = join(files, `..${issues}`);
    mkdirSync(issue);
    copyFileSync(next.certPath, join(issue, 'tls.crt'));
    copyFileSync(next.keyPath, join(issue, 'tls.key'));
    chmodSync(join(issue, 'tls.key'), keyMode);
    symlinkSync(`..${issues}`, join(files, '..tmp'));
    renameSync(join(files, '..tmp'), join(files, '..data'));
  };
  swap(older);
  for (const file of ['tls.crt', 'tls.key']) symlinkSync(`..data/${file}`, join(files, file));
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: ca.cert,
  });
  const running = startSidelight([
    ...['run', `https://localhost:${gateway.port}/`, '--address', '127.0.0.1'],
    ...['--interval', '1h', '--experiments', 'off', '--state-dir', join(files, 'state')],
    ...['--cert', join(files, 'tls.crt'), '--key', join(files, 'tls.key')],
    ...['--ca', gatewayCa.certPath, '--format', 'json', ...more],
  ]);
  const events = (): readonly Report[] =>
    running
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const told = async (count: number): Promise<readonly EventCode[]> => {
    await expect.poll(() => events().length, { interval: 50, timeout: 10_000 }).toBe(count);
    return events().map(eventCodeOf);
  };
  const end = async (): Promise<void> => {
    running.signal('SIGKILL');
    await gateway.close();
  };
  await expect.poll(running.stderr, { interval: 50, timeout: 10_000 }).toContain('started');
  running.signal('SIGUSR2');
  await told(1);
  return { replace, swap, events, told, end };
}

test('a half-written pair is an event by its name, the whole one is tried long before a look is due', async () => {
  const { replace, events, told, end } = await watch('half');
  try {
    replace('tls.crt', newer.certPath);
    await told(2);
    expect(events()[1]?.cause).toMatchObject({
      code: 'rotation-half-written',
      confidence: 'certain',
    });
    replace('tls.key', newer.keyPath);
    const codes = await told(3);
    expect(events()[2]?.clientCertificate?.sha256).toBe(newer.sha256);
    expect(codes).toEqual(['target-accepted', 'credential-unusable', 'target-recovered']);
  } finally {
    await end();
  }
}, 30_000);

test('a new credential with a fault is told with its code before it is used, and then tried at once', async () => {
  const { swap, events, told, end } = await watch('expired');
  try {
    swap(expired);
    const codes = await told(3);
    expect(codes).toEqual(['target-accepted', 'new-credential-broken', 'target-rejected']);
    const [before, judged, after] = events();
    expect(judged?.preflight?.clientCertificate?.sha256).toBe(expired.sha256);
    expect(failedIn(judged)).toEqual(['client-certificate-expired']);
    // How things stood is repeated as it was, and no look was counted for it.
    expect(judged).toMatchObject({
      outcome: 'accepted',
      clientCertificate: { sha256: older.sha256 },
      attempt: { number: before?.attempt.number, repeats: 0 },
    });
    expect(after).toMatchObject({
      clientCertificate: { sha256: expired.sha256 },
      attempt: { number: 2 },
    });
    expect(Date.parse(judged?.time ?? '')).toBeLessThanOrEqual(Date.parse(after?.time ?? ''));
  } finally {
    await end();
  }
}, 30_000);

test('a certificate that a new revocation list names is told of, though the gateway takes it still', async () => {
  const lists = join(pki.dir, 'lists');
  mkdirSync(lists);
  const crl = join(lists, 'ca.crl');
  copyFileSync(pki.crl(ca), crl);
  const { swap, events, told, end } = await watch('revoked', ['--crl', crl]);
  try {
    swap(leaky, 0o644);
    expect((await told(3)).slice(1)).toEqual([
      'new-credential-warned',
      'client-certificate-changed',
    ]);
    expect(events()[1]?.preflight?.checks.map(({ code }) => code)).toEqual([
      'client-key-file-exposed',
    ]);
    copyFileSync(pki.crl(ca, [leaky]), `${crl}.new`);
    renameSync(`${crl}.new`, crl);
    // The look that follows is accepted, and has the time to tell of the key.
    expect((await told(5)).slice(3)).toEqual(['new-credential-broken', 'warning-raised']);
    expect(failedIn(events()[3])).toEqual(['client-certificate-revoked']);
  } finally {
    await end();
  }
}, 30_000);

function failedIn(report: Report | undefined): readonly string[] {
  const checks = report?.preflight?.checks ?? [];
  return checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code);
}
