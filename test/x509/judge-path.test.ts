/** The verdict on a certification path is held against a real OpenSSL handshake: the two never disagree. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { type Certificate, readCertificate } from '../../src/x509/certificate.ts';
import { type Flaw, judgePath } from '../../src/x509/judge-path.ts';
import { type Issued, makePki, openssl, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const dayMs = 86_400_000;
const at = (days: number): Date => new Date(Date.now() + days * dayMs);
const past = { notBefore: at(-9), notAfter: at(-1) };
const future = { notBefore: at(1), notAfter: at(9) };
const unknown = '1.2.3.4.5=critical,DER:0500';

const root = pki.ca('/O=Example/CN=Root');
const other = pki.ca('/O=Elsewhere/CN=Other');
const ca = pki.ca('/O=Example/CN=CA', { ca: root });
const lower = pki.ca('/O=Example/CN=Lower', { ca });
const bare = pki.leaf({ cn: 'bare', ca: root });
const leaf = pki.leaf({ cn: 'leaf', ca });

type CaRequest = NonNullable<Parameters<typeof pki.ca>[1]>;
type LeafRequest = Omit<Parameters<typeof pki.leaf>[0], 'cn'>;

let count = 0;
/** A leaf below an intermediate with something about it, and that intermediate. */
function below(request: CaRequest, ofLeaf: LeafRequest = {}): readonly Issued[] {
  count += 1;
  const issuer = pki.ca(`/O=Example/CN=CA ${count}`, { ca: root, ...request });
  return [pki.leaf({ cn: `below ${count}`, ca: issuer, ...ofLeaf }), issuer];
}

/** A leaf below a root with something about it, which alone is trusted. */
function under(
  request: CaRequest,
  ofLeaf: LeafRequest = {},
): readonly [readonly Issued[], readonly Issued[]] {
  count += 1;
  const anchor = pki.ca(`/O=Example/CN=Root ${count}`, request);
  return [[pki.leaf({ cn: `under ${count}`, ca: anchor, ...ofLeaf })], [anchor]];
}

const of = (request: LeafRequest): readonly Issued[] => [
  pki.leaf({ cn: 'of', ca: root, ...request }),
];

interface Row {
  readonly name: string;
  readonly sent: readonly Issued[];
  readonly anchors?: readonly Issued[];
  readonly as?: 'server';
  /** The first fault; absent for a path that is accepted. */
  readonly flaw?: Flaw;
}

const renewed = pki.ca('/O=Example/CN=Renewed', past);
const renewal = pki.ca('/O=Example/CN=Renewed', { keyPath: renewed.keyPath });
const oldCa = pki.ca('/O=Example/CN=Old CA', { ca: root, ...past });
const newCa = pki.ca('/O=Example/CN=Old CA', { ca: root, keyPath: oldCa.keyPath });
const belowOld = pki.leaf({ cn: 'below old', ca: oldCa, days: 5 });
const noIds = ['subjectKeyIdentifier=none', 'authorityKeyIdentifier=none'];
const plain = pki.ca('/O=Example/CN=Plain', { extensions: noIds });
const plainNamesake = pki.ca('/O=Example/CN=Plain', { extensions: noIds });
const belowPlain = pki.leaf({ cn: 'below plain', ca: plain, extensions: noIds });
const numbered = ['authorityKeyIdentifier=issuer:always'];
const shallow = ['basicConstraints=critical,CA:TRUE,pathlen:0'];
const shallowRoot = pki.ca('/O=Example/CN=Shallow', { extensions: shallow });
const belowShallow = pki.ca('/O=Example/CN=Below shallow', { ca: shallowRoot });
const narrow = ['nameConstraints=critical,permitted;DNS:example.com'];
const self = pki.leaf({ cn: 'self' });
const selfServer = pki.server({});
const v1Root = versionOne('V1 root');
const explicit = explicitKey();

const serverNames = { san: 'DNS:localhost' };
const forServers = { eku: 'serverAuth', ...serverNames };

const table: readonly Row[] = [
  { name: 'below its root', sent: [bare] },
  { name: 'below an intermediate that is sent', sent: [leaf, ca] },
  { name: 'with its root, too', sent: [leaf, ca, root] },
  { name: 'out of order', sent: [leaf, root, ca] },
  { name: 'with a stray between', sent: [leaf, other, ca] },
  { name: 'below an intermediate that the verifier has', sent: [leaf], anchors: [ca, root] },
  { name: 'two intermediates deep', sent: [pki.leaf({ cn: 'deep', ca: lower }), lower, ca] },
  { name: 'without its intermediate', sent: [leaf], flaw: 'not-anchored' },
  { name: 'of another CA', sent: [bare], anchors: [other], flaw: 'not-anchored' },
  { name: 'self-signed', sent: [self], flaw: 'not-anchored' },
  { name: 'self-signed, and an anchor', sent: [self], anchors: [self] },
  { name: 'an anchor, but issued by another', sent: [bare], anchors: [bare], flaw: 'not-anchored' },
  {
    name: 'with an intermediate for the only anchor',
    sent: [leaf, ca],
    anchors: [ca],
    flaw: 'not-anchored',
  },
  {
    name: 'with a root that is not among the anchors',
    sent: [leaf, ca, root],
    anchors: [other],
    flaw: 'not-anchored',
  },
  {
    name: 'below a namesake with another key',
    sent: [bare],
    anchors: [pki.ca('/O=Example/CN=Root')],
    flaw: 'not-anchored',
  },
  {
    name: 'with a namesake of an anchor for a root',
    sent: [leaf, ca, root],
    anchors: [pki.ca('/O=Example/CN=Root')],
    flaw: 'not-anchored',
  },
  {
    name: 'below a namesake without key identifiers',
    sent: [belowPlain],
    anchors: [plainNamesake],
    flaw: 'bad-signature',
  },
  {
    name: 'below the second of two namesakes without key identifiers',
    sent: [belowPlain],
    anchors: [plainNamesake, plain],
    flaw: 'bad-signature',
  },
  { name: 'naming its issuer by number', sent: of({ extensions: numbered }) },
  {
    name: 'naming a renewed issuer by the number before',
    sent: [pki.leaf({ cn: 'numbered', ca: renewal, extensions: numbered })],
    anchors: [pki.ca('/O=Example/CN=Renewed', { keyPath: renewed.keyPath })],
    flaw: 'not-anchored',
  },
  { name: 'expired', sent: of(past), flaw: 'expired' },
  { name: 'not valid yet', sent: of(future), flaw: 'not-yet-valid' },
  { name: 'below an intermediate that expired', sent: below(past, { days: 5 }), flaw: 'expired' },
  {
    name: 'below an intermediate that is not valid yet',
    sent: below(future),
    flaw: 'not-yet-valid',
  },
  {
    name: 'below an intermediate that expired, which the verifier has anew',
    sent: [belowOld, oldCa],
    anchors: [newCa, root],
  },
  { name: 'below an intermediate of which both issues are sent', sent: [belowOld, oldCa, newCa] },
  { name: 'below a root that expired', ...rooted(under(past, { days: 5 })), flaw: 'expired' },
  { name: 'below a root that is not valid yet', ...rooted(under(future)), flaw: 'not-yet-valid' },
  {
    name: 'below a root that expired and was renewed',
    sent: [pki.leaf({ cn: 'r', ca: renewal })],
    anchors: [renewed, renewal],
  },
  { name: 'for servers only', sent: of({ eku: 'serverAuth' }), flaw: 'extended-key-usage' },
  { name: 'for any purpose', sent: of({ eku: 'anyExtendedKeyUsage' }), flaw: 'extended-key-usage' },
  { name: 'for any purpose and clients', sent: of({ eku: 'anyExtendedKeyUsage,clientAuth' }) },
  { name: 'without purpose', sent: of({ eku: null, keyUsage: null }) },
  {
    name: 'below an intermediate for servers only',
    sent: below({ eku: 'serverAuth' }),
    flaw: 'extended-key-usage',
  },
  { name: 'below an intermediate for clients', sent: below({ eku: 'clientAuth' }) },
  {
    name: 'below a root for servers only',
    ...rooted(under({ eku: 'serverAuth' })),
    flaw: 'extended-key-usage',
  },
  {
    name: 'with a key for encipherment',
    sent: of({ keyType: 'rsa', keyUsage: 'keyEncipherment' }),
    flaw: 'key-usage',
  },
  { name: 'with a key for agreement', sent: of({ keyUsage: 'keyAgreement' }) },
  { name: 'a CA for a leaf', sent: [ca], flaw: 'key-usage' },
  {
    name: 'a CA for a leaf that may sign',
    sent: of({ isCa: true, keyUsage: 'digitalSignature,keyCertSign' }),
  },
  {
    name: "of Netscape's type for servers",
    sent: of({ extensions: ['nsCertType=server'] }),
    flaw: 'netscape-type',
  },
  { name: "of Netscape's type for clients", sent: of({ extensions: ['nsCertType=client'] }) },
  {
    name: 'with a critical extension that nobody knows',
    sent: of({ extensions: [unknown] }),
    flaw: 'unknown-critical-extension',
  },
  { name: 'with an extension that nobody knows', sent: of({ extensions: ['1.2.3.4.5=DER:0500'] }) },
  {
    name: 'with a critical extension that is known',
    sent: of({ extensions: ['certificatePolicies=critical,1.2.3.4'] }),
  },
  {
    name: 'below an intermediate with a critical extension',
    sent: below({ extensions: [unknown] }),
    flaw: 'unknown-critical-extension',
  },
  {
    name: 'below a root with a critical extension',
    ...rooted(under({ extensions: [unknown] })),
    flaw: 'unknown-critical-extension',
  },
  { name: 'issued by what is no CA', sent: below({ isCa: false, keyUsage: null }), flaw: 'no-ca' },
  {
    name: 'issued by one that may not sign certificates',
    sent: below({ keyUsage: 'digitalSignature' }),
    flaw: 'no-cert-sign',
  },
  {
    name: 'issued by one without basicConstraints',
    sent: below({ isCa: null }),
    flaw: 'no-ca',
  },
  {
    name: 'below a root that may not sign certificates',
    ...rooted(under({ keyUsage: 'cRLSign' })),
    flaw: 'no-cert-sign',
  },
  {
    name: 'below a root that is no CA',
    ...rooted(under({ isCa: false, keyUsage: null })),
    flaw: 'no-ca',
  },
  {
    name: 'below a root without basicConstraints',
    ...rooted(under({ isCa: null })),
  },
  {
    name: 'below a root of version 1',
    sent: [pki.leaf({ cn: 'v1', ca: v1Root, extensions: noIds })],
    anchors: [v1Root],
  },
  {
    name: 'deeper than its root allows',
    sent: [pki.leaf({ cn: 'deep', ca: belowShallow }), belowShallow],
    anchors: [shallowRoot],
    flaw: 'path-too-long',
  },
  { name: 'as deep as its root allows', ...rooted(under({ extensions: shallow })) },
  {
    name: 'named beyond its CA',
    sent: below({ extensions: narrow }, { san: 'DNS:example.org' }),
    flaw: 'name-not-permitted',
  },
  {
    name: 'named as its CA permits',
    sent: below({ extensions: narrow }, { san: 'DNS:a.example.com' }),
  },
  {
    name: 'below an intermediate with a weak key',
    sent: below({ keyType: 'rsa1024' }),
    flaw: 'weak-key',
  },
  {
    name: 'below a root with a weak key',
    ...rooted(under({ keyType: 'rsa1024' })),
    flaw: 'weak-key',
  },
  {
    name: 'below an intermediate signed with SHA-1',
    sent: below({ digest: 'sha1' }),
    flaw: 'weak-signature',
  },
  { name: 'below a root signed with SHA-1', ...rooted(under({ digest: 'sha1' })) },
  {
    name: 'below an intermediate on a curve that is spelt out',
    sent: below({ keyPath: explicit }),
    flaw: 'explicit-curve',
  },
  { name: 'a server', as: 'server', sent: of(forServers) },
  { name: 'a server for clients', as: 'server', sent: of(serverNames), flaw: 'extended-key-usage' },
  {
    name: 'a server with a key for encipherment',
    as: 'server',
    sent: of({ ...forServers, keyType: 'rsa', keyUsage: 'keyEncipherment' }),
  },
  {
    name: 'a server with a key for nothing of TLS',
    as: 'server',
    sent: of({ ...forServers, keyType: 'rsa', keyUsage: 'nonRepudiation' }),
    flaw: 'key-usage',
  },
  { name: 'a server gated by Netscape', as: 'server', sent: of({ ...serverNames, eku: 'nsSGC' }) },
  {
    name: 'a server with a critical extension that nobody knows',
    as: 'server',
    sent: of({ ...forServers, extensions: [unknown] }),
    flaw: 'unknown-critical-extension',
  },
  {
    name: 'a server below what is no CA',
    as: 'server',
    sent: below({ isCa: false, keyUsage: null }, forServers),
    flaw: 'no-ca',
  },
  {
    name: 'a server below an intermediate for clients',
    as: 'server',
    sent: below({ eku: 'clientAuth' }, forServers),
    flaw: 'extended-key-usage',
  },
  {
    name: 'a server below a root that expired',
    as: 'server',
    ...rooted(under(past, { ...forServers, days: 5 })),
    flaw: 'expired',
  },
  { name: 'a server that signed itself', as: 'server', sent: [selfServer], flaw: 'not-anchored' },
  {
    name: 'a server that signed itself, and is an anchor',
    as: 'server',
    sent: [selfServer],
    anchors: [selfServer],
  },
  {
    name: "a server of Netscape's type for clients",
    as: 'server',
    sent: of({ ...forServers, extensions: ['nsCertType=client'] }),
    flaw: 'netscape-type',
  },
];

test.for(table)(
  '$name: as OpenSSL has it',
  async ({ sent, anchors = [root], as: purpose = 'client' as const, flaw }) => {
    const [first, ...others] = sent.map(read);
    const { faults } = judgePath({
      leaf: first!,
      others,
      anchors: anchors.map(read),
      purpose,
      nowMs: Date.now(),
    });
    const error = await (purpose === 'client' ? asClient : asServer)(sent, anchors);
    expect({ isRefused: error !== undefined, error }).toMatchObject({
      isRefused: flaw !== undefined,
    });
    expect(faults[0]?.flaw).toBe(flaw);
  },
);

test('without anchors, a path may go on', () => {
  const verdict = judgePath({ leaf: read(leaf), others: [], purpose: 'client', nowMs: Date.now() });
  expect(verdict.faults).toEqual([]);
});

test('two anchors that issued each other do not go round forever', () => {
  const cross = pki.ca('/O=Example/CN=Root', { ca, keyPath: root.keyPath });
  const anchors = [cross, ca].map(read);
  const verdict = judgePath({
    leaf: read(leaf),
    others: [],
    anchors,
    purpose: 'client',
    nowMs: Date.now(),
  });
  expect(verdict.faults[0]?.flaw).toBe('not-anchored');
});

function read({ cert }: Issued): Certificate {
  return readCertificate(toDer(cert))!;
}

function rooted([sent, anchors]: readonly [readonly Issued[], readonly Issued[]]) {
  return { sent, anchors };
}

const server = pki.server({});
const pem = (all: readonly Issued[]): string => all.map(({ cert }) => cert).join('');
/** Whoever shows a certificate shows any: the other side is to judge it. */
const identity = (sent: readonly Issued[]) => ({
  cert: pem(sent),
  key: sent[0]?.key ?? '',
  ciphers: 'DEFAULT:@SECLEVEL=0',
});

/** OpenSSL's verdict as the server's; undefined when it accepts. */
function asClient(sent: readonly Issued[], anchors: readonly Issued[]): Promise<unknown> {
  return shakeHands(
    { cert: server.cert, key: server.key, ca: pem(anchors) },
    identity(sent),
    'server',
  );
}

function asServer(sent: readonly Issued[], anchors: readonly Issued[]): Promise<unknown> {
  return shakeHands(identity(sent), { ca: pem(anchors) }, 'client');
}

async function shakeHands(
  served: object,
  connecting: object,
  judge: 'client' | 'server',
): Promise<unknown> {
  const listener = createServer({ ...served, requestCert: true, rejectUnauthorized: false });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const accepted = once(listener, 'secureConnection');
  const client = connect({
    ...connecting,
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    rejectUnauthorized: false,
  });
  try {
    await once(client, 'secureConnect');
    const [peer] = (await accepted) as [TLSSocket];
    const { authorized, authorizationError } = judge === 'client' ? client : peer;
    peer.destroy();
    return authorized ? undefined : authorizationError;
  } finally {
    client.destroy();
    listener.close();
  }
}

/** `openssl ca` makes version 3 only. */
function versionOne(cn: string): Issued {
  const made = pki.leaf({ cn });
  const csr = openssl(['req', '-new', '-key', made.keyPath, '-subj', `/CN=${cn}`]);
  const cert = openssl(['x509', '-req', '-signkey', made.keyPath, '-days', '9'], csr).toString();
  return { ...made, cert, certPath: pki.write('v1.crt', cert) };
}

function explicitKey(): string {
  const path = pki.write('explicit.key', '');
  const curve = ['ec_paramgen_curve:P-256', 'ec_param_enc:explicit'].flatMap((each) => [
    '-pkeyopt',
    each,
  ]);
  openssl(['genpkey', '-algorithm', 'EC', ...curve, '-out', path]);
  return path;
}
