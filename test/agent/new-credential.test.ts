/** Files that were replaced while an agent runs, the delegate's trust store among them: judged before any look uses them. */

import { X509Certificate } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CredentialStore } from '../../src/agent/credential-store.ts';
import { DelegateStore } from '../../src/agent/delegate-store.ts';
import { newCredentialJudge } from '../../src/agent/new-credential.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import type { TargetConfig } from '../../src/config/config.ts';
import { jks } from '../support/java-trust-store.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const ca = pki.ca('Delegate CA');
const gatewayCa = pki.ca('Gateway CA');
/** Of a type that no Java delegate can use, which is wrong from the beginning and so no news. */
const client = pki.leaf({ cn: 'delegate-1', ca, keyType: 'ec' });
const der = ({ cert }: Issued): Uint8Array => new X509Certificate(cert).raw;
const whole = jks({ anchors: [der(gatewayCa)] });

/** An agent's files, with a clock that is set by hand. */
function beside(name: string) {
  const trustStorePath = join(pki.dir, `${name}.jks`);
  const certPath = join(pki.dir, `${name}.crt`);
  writeFileSync(trustStorePath, whole);
  copyFileSync(client.certPath, certPath);
  const config: TargetConfig = {
    url: new URL('https://localhost/'),
    credential: { certPath, keyPath: client.keyPath },
    delegate: { trustStorePath },
    tls: { minVersion: '1.2', maxVersion: '1.3', alpn: [] },
  };
  let nowMs = 0;
  const clock: Clock = { ...systemClock, monotonicMs: () => nowMs };
  const store = new CredentialStore(config, clock);
  const delegate = new DelegateStore(config.delegate, clock);
  const judge = newCredentialJudge(config, store, delegate, { clock, uid: 0 });
  const codes = async (): Promise<readonly string[] | undefined> =>
    (await judge())?.checks.map(({ code }) => code);
  const rest = (ms: number): void => {
    nowMs += ms;
  };
  const begin = async (): Promise<void> => {
    expect(await codes()).toBeUndefined();
    await delegate.current();
  };
  return { trustStorePath, certPath, delegate, codes, rest, begin };
}

test('a trust store that no Java reads any more is told, alone, once it has rested, and each time anew', async () => {
  const { trustStorePath, delegate, codes, rest, begin } = beside('spoiled');
  await begin();
  for (const octets of [whole.subarray(0, 40), Buffer.from(gatewayCa.cert)]) {
    writeFileSync(trustStorePath, octets);
    expect(delegate.hasChanged).toBe(false);
    expect((await delegate.current())?.seen.trustStore?.fault).toBeUndefined();
    rest(1000);
    expect(delegate.hasChanged).toBe(true);
    expect(await codes()).toEqual(['java-truststore-unusable']);
    expect(await codes()).toBeUndefined();
    writeFileSync(trustStorePath, whole);
    expect(delegate.hasChanged).toBe(false);
    rest(1000);
    expect(await codes()).toBeUndefined();
  }
});

test('a trust store that is being written is not looked into', async () => {
  const { trustStorePath, delegate, codes, rest, begin } = beside('written');
  await begin();
  for (const length of [10, 20, 30]) {
    writeFileSync(trustStorePath, whole.subarray(0, length));
    expect(delegate.hasChanged).toBe(false);
    rest(900);
    expect(await codes()).toBeUndefined();
  }
  writeFileSync(trustStorePath, jks({ anchors: [der(gatewayCa), der(ca)] }));
  expect(delegate.hasChanged).toBe(false);
  rest(1000);
  expect(await codes()).toBeUndefined();
  expect((await delegate.current())?.seen.trustStore?.anchors).toBe(2);
});

test('with another certificate all is judged, the trust store included', async () => {
  const { trustStorePath, certPath, delegate, codes, rest, begin } = beside('both');
  await begin();
  writeFileSync(trustStorePath, 'none');
  copyFileSync(pki.leaf({ cn: 'delegate-2', ca, keyPath: client.keyPath }).certPath, certPath);
  expect(delegate.hasChanged).toBe(false);
  expect(await codes()).toBeUndefined();
  rest(1000);
  expect(await codes()).toEqual(expect.arrayContaining(['java-truststore-unusable']));
});

test('a certificate below a CA that may not issue for clients is told before it is used', async () => {
  const { certPath, codes, rest, begin } = beside('below');
  await begin();
  const forServers = pki.ca('Servers CA', { ca, eku: 'serverAuth' });
  const below = pki.leaf({ cn: 'delegate-3', ca: forServers, keyPath: client.keyPath });
  copyFileSync(pki.chain('below.pem', below, forServers), certPath);
  expect(await codes()).toBeUndefined();
  rest(1000);
  expect(await codes()).toEqual(expect.arrayContaining(['client-intermediate-purpose']));
});
