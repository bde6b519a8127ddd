/** Whatever stands in the place of a password, nothing of it survives in a bundle or in `--show-config`. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unpackArchive } from '../../../src/agent/bundle/archive.ts';
import { makeBundle } from '../../../src/agent/bundle/make-bundle.ts';
import { statusOf } from '../../../src/agent/status/status-of.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { configText } from '../../../src/cli/show-config.ts';
import { examineConfig } from '../../../src/config/load-config.ts';

/** Two halves, lest one of them alone survives. Digits and letters, so that no escaping hides them. */
const [first, second] = ['q7Zk4wXv', 'Jm9Rt2Ly'];
const inPlace = [
  (password: string) => `http://joe:${password}@proxy.example:3128`,
  (password: string) => `https://joe:${password}@proxy.example`,
  (password: string) => `joe:${password}@proxy.example:3128`,
  (password: string) => `//joe:${password}@h`,
  (password: string) => `http:/joe:${password}@h:1`,
  (password: string) => `http://${password}@h:1/`,
  (password: string) => `socks5://joe:${password}@h:1`,
  (password: string) => `wss://h:1/x?token=${password}`,
  (password: string) => `https://h:1/?token=${password}`,
  (password: string) => `https://h/#${password}`,
  (password: string) => `h:1?token=${password}`,
];
const places = [
  ...['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY', 'PROXY_HOST'],
  ...[
    'PROXY_PORT',
    'PROXY_SCHEME',
    'PROXY_MANAGER',
    'PROXY_TLS_CONNECT',
    'KUBERNETES_SERVICE_HOST',
  ],
  ...[
    'MANAGER_HOST_AND_PORT',
    'LOG_STREAMING_SERVICE_URL',
    'TI_SERVICE_URL',
    'URL',
    'FIPS_ENABLED',
  ],
  ...['SIDELIGHT_PROXY', 'SIDELIGHT_HOME', 'SIDELIGHT_OTLP'],
];
/** Where any text is a password. */
const passwords = ['PROXY_PASSWORD', 'PROXY_USER', 'DELEGATE_TOKEN', 'TOKEN', 'ACCOUNT_SECRET'];

const noise = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.stringMatching(/^[@:/?# "'\\%.,=&[\]\n\t0-9]{0,6}$/),
);
const password = fc
  .tuple(noise, noise, noise)
  .map(([before, between, after]) => `${before}${first}${between}${second}${after}`)
  // No environment holds a NUL.
  .map((text) => text.replaceAll('\0', ''));
const planted = fc.oneof(
  fc.record({
    name: fc.constantFrom(...places),
    value: fc.tuple(fc.constantFrom(...inPlace), password).map(([place, text]) => place(text)),
  }),
  fc.record({ name: fc.constantFrom(...passwords), value: password }),
);
const source = fc.constantFrom('environment', 'delegate file', 'proxy file');

test('a planted password of any characters is nowhere', async () => {
  const status = await statusOf(undefined, systemClock);
  fc.assert(
    fc.property(fc.array(planted, { minLength: 1, maxLength: 3 }), source, (variables, from) => {
      const values = variables.map(({ name, value }) => [name, value] as const);
      // A value in a file ends with its line.
      const text = values
        .map(([name, value]) => `${name}=${value.replace(/[\r\n]/g, ' ')}\n`)
        .join('');
      const isOurs = from === 'environment';
      const env = { ACCOUNT_ID: 'acc', ...(isOurs ? Object.fromEntries(values) : {}) };
      const examined = examineConfig({
        command: 'bundle',
        options: isOurs ? {} : { delegateEnv: 'd.env' },
        urls: [],
        env,
        readFile: (path) => (path === 'd.env' && from === 'proxy file' ? 'NAME=x' : text),
        exists: (path) => path === '/run/secrets/proxy.config' && from === 'proxy file',
      });
      const { octets } = makeBundle({
        ...{ reports: [], ...examined, env, hostname: 'here', status, clock: systemClock },
      });
      const { files = new Map() } = unpackArchive(octets, 'bundle');
      expect(files.size).toBeGreaterThan(5);
      for (const told of [...files.values()].map(String).concat(configText(examined))) {
        expect(told).not.toContain(first);
        expect(told).not.toContain(second);
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);
