/** Old and new credentials with a live gateway whose TLS stack is not ours. */
import { expect, test } from 'vitest';
import { runPreflightClient } from '../../src/agent/preflight/client.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { CredentialConfig } from '../../src/config/config.ts';
import type { CheckResult } from '../../src/preflight/check.ts';
import { type Issued, makePki } from '../support/openssl.ts';
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

/** The last two checks: the new credential, and the current one. */
async function tryBoth(authorities: string): Promise<readonly CheckResult[]> {
  const gateway = await startSServer(
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', authorities],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
  try {
    const config = {
      target: {
        url: new URL(`https://localhost:${gateway.port}/`),
        address: '127.0.0.1',
        credential: { ...pair(newClient), caPath: gatewayCa.certPath },
        tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
      },
      isLive: true,
      current: pair(oldClient),
      timeoutMs: 5000,
      experiments: false,
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
  const checks = await tryBoth(authorities);
  expect(checks.map(({ code, outcome }) => [code, outcome])).toEqual(expected);
});
