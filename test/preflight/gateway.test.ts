/** A gateway's secret in rehearsal: real handshakes on loopback with sample clients, over both versions of TLS. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPreflightGateway } from '../../src/agent/preflight/gateway.ts';
import { CannotRun } from '../../src/base/cannot-run.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { PreflightGatewayConfig } from '../../src/config/load-preflight.ts';
import type { CheckResult } from '../../src/preflight/check.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { codes } from './judge.ts';

const pki = makePki(temporaryDirectory());
const dayMs = 86_400_000;
const at = (days: number): Date => new Date(Date.now() + days * dayMs);
const root = pki.ca('/O=Example/CN=Root');
const ca = pki.ca('/O=Example/CN=Delegate CA', { ca: root });
const other = pki.ca('/O=Elsewhere/CN=Other CA');
const gatewayCa = pki.ca('/O=Gateways/CN=Gateway CA');
const gatewayIntermediate = pki.ca('/O=Gateways/CN=Gateway Intermediate', { ca: gatewayCa });
const server = pki.server({ ca: gatewayCa });
const today = pki.leaf({ cn: 'today', ca, keyType: 'rsa' });
const ed25519 = pki.leaf({ cn: 'ed25519', ca: root, keyType: 'ed25519' });

type Sample = readonly [name: string, certificates: readonly Issued[], key?: Issued | undefined];

function samples(name: string, ...all: readonly Sample[]): string {
  const directory = join(pki.dir, name);
  mkdirSync(directory);
  for (const [stem, certificates, key] of all) {
    writeFileSync(join(directory, `${stem}.crt`), certificates.map(({ cert }) => cert).join(''));
    if (key) copyFileSync(key.keyPath, join(directory, `${stem}.key`));
  }
  return directory;
}

const clientsPath = samples(
  'today',
  ['alone', [ed25519]],
  ['ed25519', [ed25519], ed25519],
  ['rsa', [today, ca], today],
);

const whole: PreflightGatewayConfig = {
  credential: { certPath: server.certPath, keyPath: server.keyPath },
  clientCaPath: root.certPath,
  caPath: gatewayCa.certPath,
  serverName: 'localhost',
  failOn: 'failed',
  format: 'text',
};

const ports = () => ({ clock: systemClock, signal: new AbortController().signal });

function run(changes: Partial<PreflightGatewayConfig> = {}): Promise<readonly CheckResult[]> {
  return runPreflightGateway({ ...whole, ...changes }, ports());
}

test('the right secret accepts the clients of today, on both versions', async () => {
  const checks = await run({ clientsPath });
  expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  const rehearsed = checks.filter(({ code }) => code === 'gateway-accepts-client');
  expect(rehearsed.map(({ title, evidence: [first] }) => [title, first])).toEqual([
    [
      'The client alone is accepted',
      'There is no key beside it: its path was verified, and no handshake made.',
    ],
    ['The client ed25519 is accepted on TLS 1.2', 'TLS 1.2.'],
    ['The client ed25519 is accepted on TLS 1.3', 'TLS 1.3.'],
    ['The client rsa is accepted on TLS 1.2', 'TLS 1.2.'],
    ['The client rsa is accepted on TLS 1.3', 'TLS 1.3.'],
  ]);
  for (const { title, evidence } of rehearsed) {
    if (title.includes(' TLS ')) expect(evidence).toContain('HTTP 200.');
  }
});

test('a wrong client CA is caught before the rollout, for every client', async () => {
  const checks = await run({ clientsPath, clientCaPath: other.certPath });
  expect(codes(checks, 'failed')).toEqual(Array(5).fill('client-issuer-not-accepted'));
  const [first] = checks.filter(({ outcome }) => outcome === 'failed');
  expect(first?.remedy).toMatch(/^Do not roll this secret out/);
});

const noDeeper = 'basicConstraints=critical,CA:TRUE,pathlen:0';
const shallow = pki.ca('/O=Example/CN=Shallow CA', { ca: root, extensions: [noDeeper] });
const below = pki.ca('/O=Example/CN=Below', { ca: shallow });
const deep = pki.leaf({ cn: 'deep', ca: below });
const onlyOurs = 'nameConstraints=critical,permitted;DNS:example.com';
const narrow = pki.ca('/O=Example/CN=Narrow CA', { ca: root, extensions: [onlyOurs] });
const outside = pki.leaf({ cn: 'outside', ca: narrow, san: 'DNS:example.org' });

const refused: readonly (readonly [string, Sample, string])[] = [
  [
    'expired',
    ['c', [pki.leaf({ cn: 'old', ca: root, notBefore: at(-9), notAfter: at(-1) })]],
    'client-certificate-expired',
  ],
  [
    'not valid yet',
    ['c', [pki.leaf({ cn: 'new', ca: root, notBefore: at(1), notAfter: at(9) })]],
    'client-certificate-not-yet-valid',
  ],
  [
    'for servers',
    ['c', [pki.leaf({ cn: 'server', ca: root, eku: 'serverAuth' })]],
    'client-certificate-purpose',
  ],
  ['self-signed', ['c', [pki.leaf({ cn: 'self' })]], 'client-certificate-self-signed'],
  ['without its intermediate', ['c', [today]], 'client-certificate-intermediate-missing'],
  ['below too many CAs', ['c', [deep, below, shallow]], 'client-path-too-long'],
  ['named beyond its CA', ['c', [outside, narrow]], 'client-name-not-permitted'],
  ['of another CA', ['c', [pki.leaf({ cn: 'stranger', ca: other })]], 'client-issuer-not-accepted'],
];

test.for(refused)(
  'a client that is %s is refused with its code',
  async ([name, [, certificates], code]) => {
    const [leaf] = certificates;
    const directory = samples(name, ['alone', certificates], ['pair', certificates, leaf]);
    const checks = await run({ clientsPath: directory });
    expect(codes(checks, 'failed')).toEqual([code, code, code]);
  },
);

test('a sample whose key is another is told so', async () => {
  const directory = samples('mismatch', ['c', [ed25519], today]);
  const checks = await run({ clientsPath: directory });
  expect(codes(checks, 'failed')).toEqual(['client-key-mismatch', 'client-key-mismatch']);
});

const wrongServer = pki.server({ ca: gatewayCa, san: 'DNS:other.example' });
const oldServer = pki.server({ ca: gatewayCa, notBefore: at(-9), notAfter: at(-1) });
const earlyServer = pki.server({ ca: gatewayCa, notBefore: at(1), notAfter: at(9) });
const endingServer = pki.server({ ca: gatewayCa, notBefore: at(-9), notAfter: at(1) });
const clientServer = pki.server({ ca: gatewayCa, eku: 'clientAuth' });
const weakServer = pki.server({ ca: gatewayCa, keyType: 'rsa1024' });
const sha1Server = pki.server({ ca: gatewayCa, digest: 'sha1' });
const belowIntermediate = pki.server({ ca: gatewayIntermediate });
const oldClientCa = pki.ca('Old', { notBefore: at(-9), notAfter: at(-1) });

const pair = ({ certPath, keyPath }: Issued) => ({ credential: { certPath, keyPath } });
/** By its files, and by a delegate on either version of TLS. */
const thrice = (code: string): readonly string[] => Array(3).fill(code);

const secrets: readonly (readonly [string, Partial<PreflightGatewayConfig>, readonly string[]])[] =
  [
    [
      'has no certificate',
      { credential: { certPath: join(pki.dir, 'absent'), keyPath: server.keyPath } },
      ['gateway-secret-unreadable'],
    ],
    [
      'has the key of another',
      { credential: { certPath: server.certPath, keyPath: wrongServer.keyPath } },
      ['gateway-key-mismatch'],
    ],
    ['is for another name', pair(wrongServer), thrice('server-certificate-name-mismatch')],
    ['has expired', pair(oldServer), thrice('server-certificate-expired')],
    ['is not valid yet', pair(earlyServer), thrice('server-certificate-not-yet-valid')],
    ['is for clients', pair(clientServer), thrice('server-certificate-purpose')],
    ['is signed with SHA-1', pair(sha1Server), thrice('server-certificate-weak')],
    [
      'has a key that is too small',
      pair(weakServer),
      ['gateway-secret-not-loaded', 'server-certificate-weak'],
    ],
    ['lacks its intermediate', pair(belowIntermediate), thrice('server-chain-incomplete')],
    [
      'is out of order',
      {
        credential: {
          certPath: pki.chain('order.crt', gatewayCa, server),
          keyPath: server.keyPath,
        },
      },
      ['gateway-secret-not-loaded', 'server-chain-invalid'],
    ],
    [
      'is of a CA that nobody trusts',
      { caPath: other.certPath },
      thrice('server-issuer-untrusted'),
    ],
    ['has a key for a client CA', { clientCaPath: server.keyPath }, ['client-ca-unusable']],
    ['has a client CA that expired', { clientCaPath: oldClientCa.certPath }, ['client-ca-expired']],
    ['has a leaf for a client CA', { clientCaPath: ed25519.certPath }, ['client-ca-no-authority']],
  ];

test.for(secrets)('a secret that %s is told by its code', async ([, changes, expected]) => {
  const checks = await run(changes);
  expect(codes(checks, 'failed')).toEqual(expected);
});

test('a certificate that ends soon is a warning', async () => {
  const checks = await run(pair(endingServer));
  expect(codes(checks, 'warning')).toEqual(['server-certificate-expires-soon']);
  expect(codes(checks, 'failed')).toEqual([]);
});

test('a secret that does not load skips every handshake', async () => {
  const checks = await run({ ...pair(weakServer), clientsPath });
  expect(
    checks.filter(({ title }) => / on TLS /.test(title)).map(({ outcome }) => outcome),
  ).toEqual(Array(6).fill('skipped'));
});

test('samples that are not there are no answer', async () => {
  await expect(run({ clientsPath: join(pki.dir, 'nowhere') })).rejects.toBeInstanceOf(CannotRun);
  await expect(run({ clientsPath: samples('empty') })).rejects.toBeInstanceOf(CannotRun);
});

const marked = (name: string, { cert }: Issued) => pki.write(name, `\ufeff${cert}`);
const returned = (name: string, text: string) => pki.write(name, text.replaceAll('\n', '\r'));

test.for([
  ['a client CA with a byte order mark', { clientCaPath: marked('bom.ca', root) }, 'warning'],
  ['a CA with a byte order mark', { caPath: marked('bom-gateway.ca', gatewayCa) }, 'warning'],
  [
    'a certificate with a byte order mark',
    { credential: { certPath: marked('bom.crt', server), keyPath: server.keyPath } },
    'warning',
  ],
  [
    'a client CA with carriage returns alone',
    { clientCaPath: returned('cr.ca', root.cert) },
    'failed',
    'client-ca-unusable',
  ],
  [
    'a key with carriage returns alone',
    { credential: { certPath: server.certPath, keyPath: returned('cr.key', server.key) } },
    'failed',
    'gateway-secret-not-loaded',
  ],
] as const)('%s is told', async ([title, changes, outcome, ...others]) => {
  const checks = await run({ ...changes, clientsPath });
  const code = title.includes('mark') ? 'pem-byte-order-mark' : 'pem-carriage-returns';
  expect(codes(checks, outcome)).toEqual([code, ...others]);
  expect(codes(checks, outcome === 'failed' ? 'warning' : 'failed')).toEqual([]);
});

const garbage = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const unloadable: readonly (readonly [string, Partial<PreflightGatewayConfig>, string, RegExp])[] =
  [
    [
      'a client CA file with a second CA cut short',
      { clientCaPath: pki.write('cut.ca', root.cert + other.cert.slice(0, 200)) },
      'client-ca-unusable',
      /cut\.ca up at its block 2 \(CERTIFICATE\)/,
    ],
    [
      'a client CA file with a CA that swallows the next',
      {
        clientCaPath: pki.write('glued.ca', root.cert.replace(/-----END.*\n/, '') + other.cert),
      },
      'client-ca-unusable',
      /glued\.ca up at its block 1 \(CERTIFICATE\)/,
    ],
    [
      'a client CA file with garbage behind',
      { clientCaPath: pki.write('garbage.ca', root.cert + garbage) },
      'client-ca-unusable',
      /garbage\.ca up at its block 2 \(CERTIFICATE\)/,
    ],
    [
      'a certificate file with a block of another kind cut short',
      {
        credential: {
          certPath: pki.write('stray.crt', `${server.cert}-----BEGIN X-----\nAAAA\n`),
          keyPath: server.keyPath,
        },
      },
      'gateway-secret-not-loaded',
      /stray\.crt up at its block 2 \(X\)/,
    ],
  ];

test.for(unloadable)(
  '%s does not load, and no client is accepted',
  async ([, changes, code, words]) => {
    const checks = await run({ ...changes, clientsPath });
    expect(codes(checks, 'failed')).toEqual([code]);
    expect(checks.find((check) => check.code === code)?.evidence.join(' ')).toMatch(words);
    const clients = checks.filter(({ title }) => title.startsWith('The client '));
    const skipped = clients
      .filter(({ outcome }) => outcome === 'skipped')
      .map(({ title }) => title);
    expect(skipped).toContain('The client rsa is accepted on TLS 1.2');
  },
);

const unknown = '1.2.3.4.5=critical,DER:0500';
const noCa = pki.ca('/O=Gateways/CN=No CA', { ca: gatewayCa, isCa: false, keyUsage: null });
const clientsOnly = pki.ca('/O=Gateways/CN=Clients', { ca: gatewayCa, eku: 'clientAuth' });
const early = pki.ca('Early', { notBefore: at(1), notAfter: at(900) });
const [oldCa, noSigner, serversOnly] = [
  pki.ca('Old gateway CA', { notBefore: at(-9), notAfter: at(-1) }),
  pki.ca('No signer', { keyUsage: 'cRLSign' }),
  pki.ca('Servers only', { eku: 'serverAuth' }),
];
const shown = (leaf: Issued, ...issuers: readonly Issued[]) => ({
  credential: {
    certPath: pki.chain(`${leaf.cn}-${issuers.length}.pem`, leaf, ...issuers),
    keyPath: leaf.keyPath,
  },
});
const serverBelow = (ca: Issued, cn: string, extensions: readonly string[] = []): Issued =>
  pki.server({ ca, cn, days: 5, extensions });

const distrusted: readonly (readonly [string, Partial<PreflightGatewayConfig>, string])[] = [
  ['below what is no CA', shown(serverBelow(noCa, 'a'), noCa), 'server-chain-invalid'],
  [
    'below a CA for clients',
    shown(serverBelow(clientsOnly, 'b'), clientsOnly),
    'server-chain-invalid',
  ],
  [
    'with a critical extension that nobody knows',
    shown(serverBelow(gatewayCa, 'c', [unknown])),
    'server-chain-invalid',
  ],
  [
    "of Netscape's type for clients",
    shown(serverBelow(gatewayCa, 'd', ['nsCertType=client'])),
    'server-certificate-purpose',
  ],
  [
    'below a CA that expired',
    { ...shown(serverBelow(oldCa, 'e')), caPath: oldCa.certPath },
    'ca-expired',
  ],
  [
    'below an intermediate that is all that delegates have',
    {
      ...shown(serverBelow(gatewayIntermediate, 'f'), gatewayIntermediate),
      caPath: gatewayIntermediate.certPath,
    },
    'server-issuer-untrusted',
  ],
];

test.for(distrusted)('a server %s is refused by delegates', async ([, changes, code]) => {
  const checks = await run(changes);
  expect(codes(checks, 'failed')).toEqual(thrice(code));
});

test('without --server-name, a delegate still has its word on the chain', async () => {
  const { serverName: _, ...config } = { ...whole, ...pair(wrongServer) };
  const checks = await runPreflightGateway(config, ports());
  expect(codes(checks, 'failed')).toEqual([]);
  const trusted = checks.filter(({ code }) => code === 'gateway-trusted-by-delegates');
  expect(trusted.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
});

test('without --ca nobody is asked whether the server is trusted', async () => {
  const { caPath: _, ...config } = whole;
  const checks = await runPreflightGateway(config, ports());
  const trusted = checks.filter(({ code }) => code === 'gateway-trusted-by-delegates');
  expect(trusted.map(({ outcome }) => outcome)).toEqual(['skipped', 'skipped']);
});

const mixedCas = pki.chain('mixed.ca', oldClientCa, root);
const clientsOfCas: readonly (readonly [string, string, readonly Issued[], string?])[] = [
  [
    'of a CA that expired',
    mixedCas,
    [pki.leaf({ cn: 'xl', ca: oldClientCa, days: 5 })],
    'client-ca-expired',
  ],
  [
    'of a CA that is not valid yet',
    early.certPath,
    [pki.leaf({ cn: 'fl', ca: early })],
    'client-ca-not-yet-valid',
  ],
  [
    'of a CA that may not sign',
    noSigner.certPath,
    [pki.leaf({ cn: 'nl', ca: noSigner })],
    'client-ca-no-authority',
  ],
  [
    'of a CA for servers',
    serversOnly.certPath,
    [pki.leaf({ cn: 'el', ca: serversOnly })],
    'client-ca-no-authority',
  ],
  ['below an intermediate without its root', ca.certPath, [today, ca], 'client-ca-no-authority'],
  [
    'below an intermediate for servers',
    root.certPath,
    belowA({ eku: 'serverAuth' }),
    'client-intermediate-purpose',
  ],
  [
    'below an intermediate with a critical extension',
    root.certPath,
    belowA({ extensions: [unknown] }),
    'client-critical-extension-unknown',
  ],
  [
    'with a critical extension',
    root.certPath,
    [pki.leaf({ cn: 'cl', ca: root, extensions: [unknown] })],
    'client-critical-extension-unknown',
  ],
  [
    "of Netscape's type for servers",
    root.certPath,
    [pki.leaf({ cn: 'ns', ca: root, extensions: ['nsCertType=server'] })],
    'client-certificate-purpose',
  ],
  [
    'for any purpose',
    root.certPath,
    [pki.leaf({ cn: 'any', ca: root, eku: 'anyExtendedKeyUsage' })],
    'client-certificate-purpose',
  ],
  [
    'with a key for agreement',
    root.certPath,
    [pki.leaf({ cn: 'ka', ca: root, keyUsage: 'keyAgreement' })],
  ],
  ['out of order', root.certPath, [today, root, ca]],
  ['that signed itself, and is registered', ...registered(pki.leaf({ cn: 'self-registered' }))],
];

test.for(clientsOfCas)(
  'a client %s has one judgement, with its key and without it',
  async ([name, clientCaPath, certificates, code]) => {
    const [leaf] = certificates;
    const clients = samples(`one ${name}`, ['alone', certificates], ['pair', certificates, leaf]);
    const checks = await run({ clientsPath: clients, clientCaPath });
    const about = checks.filter(({ title }) => title.startsWith('The client '));
    expect(codes(about, 'failed')).toEqual(code === undefined ? [] : thrice(code));
  },
);

function belowA(request: NonNullable<Parameters<typeof pki.ca>[1]>): readonly Issued[] {
  const issuer = pki.ca('/O=Example/CN=Some CA', { ca: root, ...request });
  return [pki.leaf({ cn: 'below', ca: issuer }), issuer];
}

function registered(client: Issued): readonly [string, readonly Issued[]] {
  return [client.certPath, [client]];
}
