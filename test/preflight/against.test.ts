/** Old and new credentials with a live gateway whose TLS stack is not ours. */
import { expect, test } from 'vitest';
import { runPreflightClient } from '../../src/agent/preflight/client.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { CredentialConfig } from '../../src/config/config.ts';
import type { CheckResult } from '../../src/preflight/check.ts';
import { jks } from '../support/java-trust-store.ts';
import { type Issued, makePki, toDer } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const gatewayCa = pki.ca('Gateway CA');
const server = pki.server({ ca: gatewayCa });
const oldCa = pki.ca('Old CA');
const newCa = pki.ca('New CA');
const oldClient = pki.leaf({ cn: 'delegate', ca: oldCa });
const newClient = pki.leaf({ cn: 'delegate', ca: newCa });

const pair = ({ certPath, keyPath }: Issued): CredentialConfig => ({ certPath, keyPath });

interface Trial {
  readonly experiments?: boolean;
  readonly trustStorePath?: string;
}

const demanding = (authorities: string): readonly string[] => [
  ...['-CAfile', authorities, '-Verify', '1', '-verify_return_error'],
];

/** The last two checks: the new credential, and the current one. */
async function tryBoth(
  verification: readonly string[],
  { experiments = false, trustStorePath }: Trial = {},
): Promise<readonly CheckResult[]> {
  const gateway = await startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-www', ...verification],
  );
  try {
    const config = {
      target: {
        url: new URL(`https://localhost:${gateway.port}/`),
        address: '127.0.0.1',
        credential: { ...pair(newClient), caPath: gatewayCa.certPath },
        tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
        ...(trustStorePath !== undefined && { delegate: { trustStorePath } }),
      },
      isLive: true,
      current: pair(oldClient),
      timeoutMs: 5000,
      experiments,
      failOn: 'failed',
      format: 'text',
    } as const;
    const { signal } = new AbortController();
    return (await runPreflightClient(config, { clock: systemClock, signal })).slice(-2);
  } finally {
    await gateway.stop();
  }
}

const accepted = ['gateway-accepts-client', 'passed'];
const refused = ['client-issuer-not-accepted', 'failed'];

test.for([
  ['before the overlap, the new one is refused', oldCa.certPath, [refused, accepted]],
  ['in the overlap both are accepted', pki.chain('both.crt', oldCa, newCa), [accepted, accepted]],
  ['after it, the old one is refused', newCa.certPath, [accepted, refused]],
] as const)('%s', async ([, authorities, expected]) => {
  const checks = await tryBoth(demanding(authorities));
  expect(checks.map(({ code, outcome }) => [code, outcome])).toEqual(expected);
});

const codesOf = (checks: readonly CheckResult[]) => checks.map((each) => [each.code, each.outcome]);
const unasked = ['client-certificate-not-requested', 'warning'];
const unproven = ['gateway-accepts-client', 'warning'];
const verified = demanding(pki.chain('verified.crt', oldCa, newCa));

test.for([
  ['asks for no certificate', [], false, unasked],
  ['asks for one and verifies none', ['-Verify', '1'], true, unproven],
  ['takes every certificate, and so needs no more to be asked', [], true, unasked],
  ['verifies what it asks for', verified, true, accepted],
] as const)('of a gateway that %s', async ([, verification, experiments, expected]) => {
  const checks = await tryBoth(verification, { experiments });
  expect(codesOf(checks)).toEqual([expected, expected]);
});

test('accepted without a certificate says that nothing is proven', async () => {
  const [given] = await tryBoth([]);
  expect(given?.evidence[0]).toContain('no CertificateRequest');
  expect(given?.remedy).toContain('nothing is proven');
});

test('a gateway that the delegate does not trust is no proof for the delegate', async () => {
  const trustStorePath = pki.write('other-cacerts', jks({ anchors: [toDer(oldCa.cert)] }));
  const [given] = await tryBoth(verified, { trustStorePath });
  expect(given).toMatchObject({ outcome: 'warning' });
});
