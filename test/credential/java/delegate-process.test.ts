import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { delegateStartedAt } from '../../../src/credential/java/delegate-process.ts';
import { makePki } from '../../support/openssl.ts';
import { startSServer } from '../../support/s-server.ts';
import { sidelight } from '../../support/sidelight.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** A process that the kernel lists as `java … -jar <archive>`. */
async function startJava(archive: string): Promise<ChildProcess> {
  const java = join(temporaryDirectory(), 'java');
  symlinkSync(process.execPath, java);
  const script = 'console.log(1); setInterval(() => {}, 1000)';
  const child = spawn(java, ['-e', script, '--', '-jar', archive], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

test('the start of the delegate beside us is seen to the second, and no other Java counts', async () => {
  await startJava('/opt/other/service.jar');
  const without = delegateStartedAt();
  const beforeMs = Date.now();
  await startJava('/opt/harness-delegate/delegate.jar');
  const seen = Date.parse(delegateStartedAt() ?? '');
  expect(seen).toBeGreaterThanOrEqual(beforeMs - 20);
  expect(seen).toBeLessThan(Date.now() + 2000);
  expect(without === undefined || Date.parse(without) < beforeMs + 2000).toBe(true);
});

test('a certificate that was written after the delegate began is told: it runs with the one before', async () => {
  await startJava('/opt/harness-delegate/delegate.jar');
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const pki = makePki(temporaryDirectory());
  const ca = pki.ca('Delegate CA');
  const client = pki.leaf({ cn: 'delegate-1', ca, keyType: 'rsa' });
  const server = pki.server({ ca, san: 'DNS:localhost' });
  const gateway = await startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', ca.certPath],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
  onTestFinished(() => gateway.stop());
  const { stdout } = await sidelight(
    ['check', `https://localhost:${gateway.port}/`, '--ca', ca.certPath, '--format', 'json'],
    {
      DELEGATE_NAME: 'blue',
      DELEGATE_CLIENT_CERTIFICATE_PATH: client.certPath,
      DELEGATE_CLIENT_CERTIFICATE_KEY_PATH: client.keyPath,
    },
  );
  const report = JSON.parse(stdout);
  expect(report.delegate.startedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const codes = report.warnings.map(({ code }: { code: string }) => code);
  expect(codes).toContain('rotated-credential-not-loaded');
});
