/** `sidelight run` while its credential is replaced: half a pair is named, and the whole one is tried at once. */
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGateway } from '../../src/demo/gateway.ts';
import { eventCodeOf } from '../../src/report/event.ts';
import type { Report } from '../../src/report/report.ts';
import { makePki } from '../support/openssl.ts';
import { startSidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const older = pki.leaf({ cn: 'delegate-1', ca });
const newer = pki.leaf({ cn: 'delegate-1', ca });
const expired = pki.leaf({ cn: 'delegate-1', ca, notAfter: new Date(Date.now() - 60_000) });

test('a half-written pair is an event by its name, the whole one is tried long before a look is due', async () => {
  const files = join(pki.dir, 'mtls');
  mkdirSync(files);
  const replace = (name: string, path: string): void => {
    copyFileSync(path, join(files, `${name}.new`));
    renameSync(join(files, `${name}.new`), join(files, name));
  };
  replace('tls.crt', older.certPath);
  replace('tls.key', older.keyPath);
  const gateway = await startGateway({
    certPem: server.cert,
    keyPem: server.key,
    clientCaPem: ca.cert,
  });
  const running = startSidelight([
    ...['run', `https://localhost:${gateway.port}/`, '--address', '127.0.0.1'],
    ...['--interval', '1h', '--experiments', 'off', '--state-dir', join(pki.dir, 'state')],
    ...['--cert', join(files, 'tls.crt'), '--key', join(files, 'tls.key')],
    ...['--ca', gatewayCa.certPath, '--format', 'json'],
  ]);
  const events = (): readonly Report[] =>
    running
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const codes = (): readonly string[] => events().map(eventCodeOf);
  const told = (count: number) =>
    expect.poll(() => codes().length, { interval: 50, timeout: 10_000 }).toBe(count);
  try {
    await expect.poll(running.stderr, { interval: 50, timeout: 10_000 }).toContain('started');
    running.signal('SIGUSR2');
    await told(1);
    replace('tls.crt', newer.certPath);
    await told(2);
    expect(events()[1]?.cause).toMatchObject({
      code: 'rotation-half-written',
      confidence: 'certain',
    });
    replace('tls.key', newer.keyPath);
    await told(3);
    expect(events()[2]?.clientCertificate?.sha256).toBe(newer.sha256);
    replace('tls.key', expired.keyPath);
    replace('tls.crt', expired.certPath);
    await told(4);
    expect(events()[3]?.clientCertificate?.sha256).toBe(expired.sha256);
    expect(events()[3]?.warnings.map(({ code }) => code)).toContain('client-certificate-expired');
    expect(codes()).toEqual([
      'target-accepted',
      'credential-unusable',
      'target-recovered',
      'target-rejected',
    ]);
  } finally {
    running.signal('SIGKILL');
    await gateway.close();
  }
}, 30_000);
