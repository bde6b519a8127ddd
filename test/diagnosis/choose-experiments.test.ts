/** Which experiments follow which failure: what tells the remaining causes apart, and nothing that changes nothing. */
import { describe, expect, test } from 'vitest';
import {
  chooseExperiments,
  type Means,
  maxExperiments,
} from '../../src/diagnosis/choose-experiments.ts';
import { concludeOutcome } from '../../src/diagnosis/outcome.ts';
import { type Evidence, experimentNames } from '../../src/evidence/evidence.ts';
import {
  answered,
  brokeOff,
  ended,
  evidence,
  leftAfterFlight,
  refusedAtHello,
  refusedWith,
  steps,
  stoppedAt,
  stoppedLocally,
  tlsSeen,
  unconfigured,
  untilOurFlight,
  untilServerHello,
  untrusted,
  upgraded,
} from '../support/evidence.ts';

const addresses = ['192.0.2.7', '192.0.2.8', '2001:db8::7'];

/** The name resolves to more than one address. */
function withAddresses(seen: Evidence, list: readonly string[] = addresses): Evidence {
  return {
    ...seen,
    steps: seen.steps.map((step) => (step.name === 'dns' ? { ...step, addresses: list } : step)),
  };
}

function behindProxy(seen: Evidence): Evidence {
  return { ...seen, target: { ...seen.target, proxy: 'http://proxy.example:3128' } };
}

/** As text: `changed value`. */
function chosen(seen: Evidence, means?: Means): readonly string[] {
  return chooseExperiments(seen, concludeOutcome(seen), means).map(({ changed, value }) =>
    value === undefined ? changed : `${changed} ${value}`,
  );
}

const exempted = { unusedProxy: 'http://proxy.example:3128' };
const refused = stoppedAt('tcp', {
  error: { code: 'ECONNREFUSED' },
  failedAddresses: [{ address: '192.0.2.7', code: 'ECONNREFUSED' }],
});
const silentAfterFlight = {
  ...leftAfterFlight('fin'),
  steps: steps('http', { error: { code: 'TIMEOUT' } }),
  tls: tlsSeen({ progress: untilOurFlight, ended: ended('timeout', 'us') }),
};

const table: readonly [title: string, seen: Evidence, expected: readonly string[]][] = [
  ['an acceptance', evidence(), []],
  ['a fault of our own files', stoppedLocally({ loadError: 'ERR_SSL_EE_KEY_TOO_SMALL' }), []],
  ['a name that does not resolve', stoppedAt('dns', { error: { code: 'ENOTFOUND' } }), []],
  [
    "the proxy's name does not resolve",
    behindProxy(stoppedAt('dns', { error: { code: 'ENOTFOUND' } })),
    ['without-proxy'],
  ],
  ['a refused connection', refused, ['sibling-port 443', 'again']],
  [
    'a refused connection to each of several addresses',
    withAddresses(refused),
    [
      'sibling-port 443',
      'other-address 192.0.2.7',
      'other-address 192.0.2.8',
      'other-address 2001:db8::7',
      'again',
    ],
  ],
  [
    'a refusal by the proxy',
    behindProxy(stoppedAt('proxy', { error: { code: 'PROXY_REFUSED' } })),
    ['without-proxy', 'again'],
  ],
  [
    'an alert at once',
    refusedAtHello(40),
    [
      'classic-groups-only',
      'no-server-name',
      'other-server-name sidelight.invalid',
      'tls-1.2-only',
      'again',
      'no-alpn',
    ],
  ],
  [
    'a reset at once, with more addresses to try than experiments are left',
    withAddresses(brokeOff({ ended: ended('reset') }, 'ECONNRESET'), [
      ...addresses,
      '192.0.2.9',
      '192.0.2.10',
    ]),
    [
      'classic-groups-only',
      'no-server-name',
      'other-server-name sidelight.invalid',
      'tls-1.2-only',
      'again',
      'no-alpn',
      'other-address 192.0.2.8',
      'other-address 2001:db8::7',
    ],
  ],
  [
    'an end after the ServerHello',
    brokeOff({ ended: ended('fin'), progress: untilServerHello }),
    ['again', 'again', 'tls-1.2-only', 'classic-groups-only', 'no-client-certificate'],
  ],
  [
    'no TLS',
    brokeOff({ notTls: { protocol: 'http', excerptHex: '', excerptText: 'HTTP/1.1 400' } }),
    ['sibling-port 443'],
  ],
  [
    'a server that is not trusted',
    withAddresses(untrusted('CERT_HAS_EXPIRED')),
    ['no-server-name', 'other-address 192.0.2.8', 'other-address 2001:db8::7', 'again'],
  ],
  [
    'an alert after our certificate',
    refusedWith(48),
    ['no-client-certificate', 'throwaway-client-certificate', 'again', 'again', 'tls-1.2-only'],
  ],
  [
    'a refusal where we have no certificate',
    unconfigured(refusedWith(116)),
    ['throwaway-client-certificate', 'again', 'again', 'tls-1.2-only'],
  ],
  [
    'silence after our certificate',
    silentAfterFlight,
    [
      'no-client-certificate',
      'classic-groups-only',
      'again',
      'tls-1.2-only',
      'throwaway-client-certificate',
    ],
  ],
  [
    'HTTP 403',
    answered({ status: 403 }),
    ['no-client-certificate', 'throwaway-client-certificate', 'again'],
  ],
  [
    'HTTP 502',
    withAddresses(answered({ status: 502 }), addresses.slice(0, 2)),
    ['again', 'other-address 192.0.2.8'],
  ],
  ['HTTP 429', answered({ status: 429 }), []],
  ['HTTP 503', answered({ status: 503 }), []],
  [
    'an upgrade that is refused',
    upgraded({ status: 403 }, true),
    ['no-client-certificate', 'throwaway-client-certificate', 'again'],
  ],
  [
    'no proof either way',
    {
      ...evidence({ tls: tlsSeen({ alpn: 'h2' }) }),
      steps: steps().map((step) =>
        step.name === 'http'
          ? ({ name: 'http', outcome: 'skipped', reason: 'protocol-not-spoken' } as const)
          : step,
      ),
      http: {},
    },
    ['no-alpn', 'no-client-certificate', 'throwaway-client-certificate', 'again'],
  ],
];

test.for(table)('after %s', ([, seen, expected]) => {
  expect(chosen(seen)).toEqual(expected);
});

test.for(table)('after %s there are not too many', ([, seen]) => {
  expect(chosen(withAddresses(seen), exempted).length).toBeLessThanOrEqual(maxExperiments);
});

test('every experiment there is follows some failure', () => {
  const everything = table.flatMap(([, seen]) => [
    ...chooseExperiments(withAddresses(seen), concludeOutcome(seen), exempted),
    ...chooseExperiments(behindProxy(seen), concludeOutcome(seen)),
  ]);
  expect(new Set(everything.map(({ changed }) => changed))).toEqual(new Set(experimentNames));
});

describe('what would change nothing is left out', () => {
  const hello = tlsSeen().clientHello!;
  const reset = (changes: Partial<typeof hello>): Evidence =>
    brokeOff({ ended: ended('reset'), clientHello: { ...hello, ...changes } }, 'ECONNRESET');

  test('a small ClientHello is not made smaller', () => {
    expect(chosen(reset({ sizeBytes: 512 }))).not.toContain('classic-groups-only');
  });

  test('TLS 1.2 alone is not tried where nothing else was offered', () => {
    expect(chosen(reset({ versions: ['1.2'] }))).not.toContain('tls-1.2-only');
  });

  test('without ALPN nothing is taken away', () => {
    expect(chosen(reset({ alpn: [] }))).not.toContain('no-alpn');
  });

  test('an address has no server name to change', () => {
    const { serverName: _none, ...target } = evidence().target;
    const names = chosen({ ...reset({}), target: { ...target, host: '192.0.2.7' } });
    expect(names.filter((name) => name.includes('server-name'))).toEqual([]);
  });

  test('a server name that was given is exchanged for the host of the URL', () => {
    const target = { ...evidence().target, serverName: 'other.example' };
    expect(chosen({ ...reset({}), target })).toContain('other-server-name gateway.example');
  });

  test('an address that was given is the only one', () => {
    const target = { ...evidence().target, address: '192.0.2.7' };
    const names = chosen({ ...withAddresses(refusedWith(48)), target });
    expect(names.filter((name) => name.startsWith('other-address'))).toEqual([]);
  });

  test('addresses that were found dead on the way are not tried again', () => {
    const seen = withAddresses(refusedWith(48));
    const dead = seen.steps.map((step) =>
      step.name === 'tcp'
        ? { ...step, failedAddresses: [{ address: '192.0.2.8', code: 'TIMEOUT' }] }
        : step,
    );
    const names = chosen({ ...seen, steps: dead });
    expect(names.filter((name) => name.startsWith('other-address'))).toEqual([
      'other-address 2001:db8::7',
    ]);
  });

  test('ports without a sibling have none', () => {
    const target = { ...evidence().target, port: 9443 };
    expect(chosen({ ...refused, target })).toEqual(['again']);
  });

  test('with a proxy, its addresses are not the ones of the target', () => {
    const names = chosen(behindProxy(withAddresses(refusedWith(48))));
    expect(names).toContain('without-proxy');
    expect(names.filter((name) => name.startsWith('other-address'))).toEqual([]);
  });

  test('the proxy from which the host is exempted is tried, and none where none is configured', () => {
    expect(chosen(refused, exempted)).toContain('with-proxy http://proxy.example:3128');
    expect(chosen(behindProxy(refused), exempted).join()).not.toContain('with-proxy');
  });
});
