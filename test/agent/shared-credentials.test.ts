/** Targets that name the same files share what was read from them, for as long as the files stay the same. */
import { expect, test } from 'vitest';
import type { LoadedCredential } from '../../src/agent/credential-store.ts';
import { shareCredentials } from '../../src/agent/shared-credentials.ts';
import type { TargetConfig } from '../../src/config/config.ts';

const target = (certPath: string, path = '/'): TargetConfig => ({
  url: new URL(`https://localhost${path}`),
  credential: { certPath },
  tls: { minVersion: '1.2', maxVersion: '1.3', alpn: [] },
});

function counted() {
  const all: LoadedCredential[] = [];
  const load = shareCredentials(() => {
    all.push({ credential: { seen: {} } } as LoadedCredential);
    return all.at(-1)!;
  });
  return { load, all };
}

test('two targets of one credential read it once', () => {
  const { load, all } = counted();
  expect(load(target('a', '/1'), ['stamp'])).toBe(load(target('a', '/2'), ['stamp']));
  expect(all).toHaveLength(1);
});

test('files that have changed are read anew, and again once they are as before', () => {
  const { load, all } = counted();
  load(target('a'), ['one']);
  load(target('a'), ['two']);
  load(target('a'), ['one']);
  expect(all).toHaveLength(3);
});

test.for([
  ['another file', target('b')],
  ['other limits of TLS', { ...target('a'), tls: { ...target('a').tls, minVersion: '1.3' } }],
] as const)('%s is another credential', ([, other]) => {
  const { load, all } = counted();
  expect(load(target('a'), [])).not.toBe(load(other as TargetConfig, []));
  expect(all).toHaveLength(2);
});
