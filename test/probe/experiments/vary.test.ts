/** Each variation changes the one thing that it is named for. */
import { beforeAll, expect, test } from 'vitest';
import { loadFor } from '../../../src/agent/credential-store.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { TargetConfig, TlsConfig } from '../../../src/config/config.ts';
import { type ExperimentName, experimentNames } from '../../../src/evidence/evidence.ts';
import { type Attempt, vary } from '../../../src/probe/experiments/vary.ts';
import { aim } from '../../../src/target/target.ts';
import { makePki, openssl } from '../../support/openssl.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const proxy = { protocol: 'http', host: 'proxy.example', port: 3128 } as const;
const unusedProxy = { ...proxy, port: 3129, userinfo: new Secret('agent:s3cret') };
let attempt: Attempt;

beforeAll(() => {
  const pki = makePki(directory);
  const ca = pki.ca('Delegate CA');
  const { certPath, keyPath } = pki.leaf({ cn: 'delegate-1', ca });
  const config: TargetConfig = {
    url: new URL('https://gateway.example:8443/path'),
    credential: { certPath, keyPath, caPath: ca.certPath },
    tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] },
    proxy,
  };
  const { credential, context } = loadFor(config);
  attempt = { target: aim(config), credential, context: context! };
});

const values: Partial<Record<ExperimentName, string>> = {
  'other-server-name': 'sidelight.invalid',
  'other-address': '192.0.2.8',
  'sibling-port': '443',
};

const variations = experimentNames.map((changed) => ({ changed, value: values[changed] }));

const varied = (changed: ExperimentName, value?: string) =>
  vary(attempt, changed, value, { clock: systemClock, address: '192.0.2.7', unusedProxy });

test.for(variations)('$changed aims at the same host and the same path', async (variation) => {
  const { target } = await varied(variation.changed, variation.value);
  expect(target).toMatchObject({ host: 'gateway.example', httpPath: '/path' });
});

/** What differs from the attempt, beside the address that it reached. */
async function differences(changed: ExperimentName, value?: string) {
  const { target, credential, context } = await varied(changed, value);
  const was = { ...attempt.target, address: '192.0.2.7' };
  const keys = [...new Set([...Object.keys(was), ...Object.keys(target)])] as (keyof typeof was)[];
  const changes = keys.filter((key) => JSON.stringify(was[key]) !== JSON.stringify(target[key]));
  return {
    target: Object.fromEntries(changes.map((key) => [key, target[key]])),
    credential: credential !== attempt.credential,
    context: context !== attempt.context,
  };
}

const same = { credential: false, context: false };
const tls: TlsConfig = { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'] };
/** Those that take another way do not dial the address at which the first one ended. */
const table: readonly [ExperimentName, Awaited<ReturnType<typeof differences>>][] = [
  ['no-client-certificate', { target: {}, credential: true, context: true }],
  ['throwaway-client-certificate', { target: {}, credential: true, context: true }],
  ['tls-1.2-only', { ...same, target: { tls: { ...tls, maxVersion: '1.2' } }, context: true }],
  [
    'classic-groups-only',
    { ...same, target: { tls: { ...tls, groups: ['X25519', 'P-256', 'P-384'] } }, context: true },
  ],
  ['no-alpn', { ...same, target: { tls: { ...tls, alpn: [] } } }],
  ['no-server-name', { ...same, target: { serverName: undefined } }],
  ['other-server-name', { ...same, target: { serverName: 'sidelight.invalid' } }],
  ['other-address', { ...same, target: { address: '192.0.2.8' } }],
  ['sibling-port', { ...same, target: { port: 443 } }],
  ['without-proxy', { ...same, target: { proxy: undefined, address: undefined } }],
  ['with-proxy', { ...same, target: { proxy: unusedProxy, address: undefined } }],
  ['again', { ...same, target: {} }],
];

test.for(table)('%s changes nothing else', async ([changed, expected]) => {
  expect(await differences(changed, values[changed])).toEqual(expected);
});

test('every variation has its row', () => {
  expect(table.map(([changed]) => changed)).toEqual([...experimentNames]);
});

test('without a client certificate nothing of ours is left but the trust anchors', async () => {
  const { credential } = await varied('no-client-certificate');
  expect(credential).toEqual({
    seen: { caFile: attempt.credential.seen.caFile },
    ca: attempt.credential.ca,
  });
});

test('the throw-away certificate is signed by itself, for clients, and new each time', async () => {
  const [one, other] = [
    await varied('throwaway-client-certificate'),
    await varied('throwaway-client-certificate'),
  ];
  const cert = one.credential.material?.cert ?? '';
  expect(cert).not.toBe(other.credential.material?.cert);
  const said = openssl(['x509', '-noout', '-subject', '-issuer', '-purpose'], cert).toString();
  expect(said).toMatch(/subject=CN = sidelight-throwaway\nissuer=CN = sidelight-throwaway/);
  expect(said).toMatch(/SSL client : Yes/);
  expect(JSON.stringify(one.credential)).not.toContain('PRIVATE KEY');
});
