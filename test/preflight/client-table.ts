/** Broken credentials, each with what is found in it and nothing else, and good ones, in which nothing is. */
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { jks } from '../support/java-trust-store.ts';
import { type Issued, openssl, type Pki, toDer } from '../support/openssl.ts';
import type { Given } from './judge.ts';

export interface Row {
  readonly name: string;
  readonly given: Given;
  readonly failed?: readonly string[];
  readonly warned?: readonly string[];
}

const dayMs = 86_400_000;
const at = (days: number): Date => new Date(Date.now() + days * dayMs);

function pair({ certPath, keyPath }: Issued): { certPath: string; keyPath: string } {
  return { certPath, keyPath };
}

/** The authorities and certificates that many rows share. */
export function makeMaterials(pki: Pki) {
  const root = pki.ca('/O=Example/CN=Root', { days: 3650 });
  const ca = pki.ca('/O=Example/CN=Delegate CA', { ca: root, days: 1000 });
  const other = pki.ca('/O=Elsewhere/CN=Other CA');
  const leaf = pki.leaf({ cn: 'delegate', ca, keyType: 'rsa' });
  const bare = pki.leaf({ cn: 'bare', ca: root });
  for (const { keyPath } of [root, ca, other, leaf, bare]) chmodSync(keyPath, 0o600);
  return { root, ca, other, leaf, bare };
}

export type Materials = ReturnType<typeof makeMaterials>;

export function brokenRows(pki: Pki, materials: Materials): readonly Row[] {
  const { bare } = materials;
  const issue = (request: Parameters<Pki['leaf']>[0]): Given => pair(owned(pki.leaf(request)));
  return [
    ...fileRows(pki, materials),
    ...pemRows(pki, materials),
    ...pairRows(pki, materials),
    ...dateRows(pki, materials, issue),
    ...purposeRows(pki, materials, issue),
    ...chainRows(pki, materials),
    ...revocationRows(pki, materials),
    ...anchorRows(pki, materials, pair(bare)),
    ...delegateRows(pki, materials),
  ];
}

function owned(issued: Issued): Issued {
  chmodSync(issued.keyPath, 0o600);
  return issued;
}

function withMode(pki: Pki, name: string, content: string, mode: number): string {
  const path = pki.write(name, content);
  chmodSync(path, mode);
  return path;
}

const secret = (pki: Pki, name: string, text: string): string => withMode(pki, name, text, 0o600);

function fileRows(pki: Pki, { bare, root }: Materials): readonly Row[] {
  const encrypted = pki.encryptedKey(bare, 'secret');
  chmodSync(encrypted, 0o600);
  const anyones = join(pki.dir, 'anyones');
  mkdirSync(anyones);
  pki.write('anyones/root.pem', root.cert);
  chmodSync(anyones, 0o1777);
  const directory = join(pki.dir, 'a-directory');
  mkdirSync(directory);
  const loop = join(pki.dir, 'loop');
  symlinkSync(loop, loop);
  const missing = ['client-certificate-file-missing'];
  return [
    {
      name: 'no certificate file',
      given: { certPath: join(pki.dir, 'absent.crt'), keyPath: bare.keyPath },
      failed: missing,
    },
    {
      name: 'no key file',
      given: { certPath: bare.certPath, keyPath: join(pki.dir, 'absent.key') },
      failed: missing,
    },
    {
      name: 'a path through a file',
      given: { certPath: join(bare.certPath, 'x'), keyPath: bare.keyPath },
      failed: missing,
    },
    {
      name: 'a link to itself',
      given: { certPath: loop, keyPath: bare.keyPath },
      failed: missing,
    },
    {
      name: 'no passphrase file',
      given: { ...pair(bare), passphrasePath: join(pki.dir, 'absent.pass') },
      failed: missing,
    },
    {
      name: 'a directory for a certificate',
      given: { certPath: directory, keyPath: bare.keyPath },
      failed: ['client-certificate-file-is-directory'],
    },
    {
      name: 'a key that all may read',
      given: { certPath: bare.certPath, keyPath: withMode(pki, 'open.key', bare.key, 0o644) },
      warned: ['client-key-file-exposed'],
    },
    {
      name: "Helm's defaultMode 400 in decimal",
      given: { certPath: bare.certPath, keyPath: withMode(pki, 'helm.key', bare.key, 0o620) },
      warned: ['client-key-file-exposed'],
    },
    {
      name: 'a passphrase that all may read',
      given: {
        ...{ certPath: bare.certPath, keyPath: encrypted },
        passphrasePath: withMode(pki, 'open.pass', 'secret\n', 0o644),
      },
      warned: ['client-key-file-exposed'],
    },
    {
      name: 'a certificate that all may change',
      given: { certPath: withMode(pki, 'open.crt', bare.cert, 0o666), keyPath: bare.keyPath },
      warned: ['certificate-file-writable'],
    },
    {
      name: 'a CA that all may change',
      given: { ...pair(bare), caPath: withMode(pki, 'open.ca', root.cert, 0o646) },
      warned: ['certificate-file-writable'],
    },
    {
      name: 'a directory of CAs that all may change',
      given: { ...pair(bare), caPath: anyones },
      warned: ['certificate-file-writable'],
    },
    {
      name: 'a client CA that all may change',
      given: { ...pair(bare), clientCaPath: withMode(pki, 'open-clients.ca', root.cert, 0o666) },
      warned: ['certificate-file-writable'],
    },
  ];
}

function pemRows(pki: Pki, { bare, root }: Materials): readonly Row[] {
  const { certPath, keyPath } = bare;
  const withCertificate = (name: string, content: string | Uint8Array): Given => ({
    certPath: pki.write(name, content),
    keyPath,
  });
  const withKey = (name: string, content: string | Uint8Array): Given => {
    const path = pki.write(name, content);
    chmodSync(path, 0o600);
    return { certPath, keyPath: path };
  };
  const bad = ['client-certificate-unparsable'];
  const badKey = ['client-key-unparsable'];
  const twice = (text: string): string => Buffer.from(text).toString('base64');
  const utf16 = Buffer.from(`\ufeff${bare.cert}`, 'utf16le');
  const derKey = openssl(['pkey', '-in', keyPath, '-outform', 'DER']);
  const cut = bare.cert.slice(0, bare.cert.length / 2);
  const shortened = bare.cert.replace(/[A-Za-z0-9+/=]{20}\n-----END/, '\n-----END');
  const p12 = readFileSync(pki.pkcs12(bare, 'secret'));
  return [
    { name: 'an empty certificate', given: withCertificate('empty.crt', ''), failed: bad },
    {
      name: 'a certificate in DER',
      given: withCertificate('der.crt', toDer(bare.cert)),
      failed: bad,
    },
    { name: 'PKCS#12 for a certificate', given: withCertificate('a.p12', p12), failed: bad },
    {
      name: 'PKCS#12 with another passphrase',
      given: {
        ...withCertificate('c.p12', p12),
        passphrasePath: secret(pki, 'p12.wrong', 'other\n'),
      },
      failed: bad,
    },
    {
      name: 'PKCS#12 in RC2, which OpenSSL does not load',
      given: {
        ...withCertificate('rc2.p12', readFileSync(pki.pkcs12(bare, 'secret', '-legacy'))),
        passphrasePath: secret(pki, 'rc2.pass', 'secret\n'),
      },
      failed: bad,
    },
    {
      name: 'a certificate encoded twice',
      given: withCertificate('b64.crt', twice(bare.cert)),
      failed: bad,
    },
    { name: 'a certificate in UTF-16', given: withCertificate('utf16.crt', utf16), failed: bad },
    { name: 'text for a certificate', given: withCertificate('text.crt', 'hello\n'), failed: bad },
    { name: 'a certificate cut short', given: withCertificate('cut.crt', cut), failed: bad },
    {
      name: 'a certificate with octets missing',
      given: withCertificate('short.crt', shortened),
      failed: bad,
    },
    { name: 'a key for a certificate', given: { certPath: keyPath, keyPath }, failed: bad },
    { name: 'an empty key', given: withKey('empty.key', ''), failed: badKey },
    { name: 'a key in DER', given: withKey('der.key', derKey), failed: badKey },
    { name: 'a key encoded twice', given: withKey('b64.key', twice(bare.key)), failed: badKey },
    { name: 'PKCS#12 for a key', given: withKey('b.p12', p12), failed: badKey },
    { name: 'a key cut short', given: withKey('cut.key', bare.key.slice(0, 100)), failed: badKey },
    { name: 'a certificate for a key', given: withKey('cert.key', bare.cert), failed: badKey },
    {
      name: 'certificate and key swapped',
      given: { certPath: keyPath, keyPath: withKey('swap.key', bare.cert).keyPath ?? '' },
      failed: ['client-files-swapped'],
    },
    {
      name: 'a byte order mark before the certificate',
      given: withCertificate('bom.crt', `\ufeff${bare.cert}`),
      warned: ['pem-byte-order-mark'],
    },
    {
      name: 'a byte order mark before the key',
      given: withKey('bom.key', `\ufeff${bare.key}`),
      warned: ['pem-byte-order-mark'],
    },
    {
      name: 'CRLF',
      given: {
        ...withKey('crlf.key', crlf(bare.key)),
        certPath: pki.write('crlf.crt', crlf(bare.cert)),
      },
      warned: ['pem-carriage-returns'],
    },
    {
      name: 'carriage returns alone in the certificate',
      given: withCertificate('cr.crt', bareReturns(bare.cert)),
      failed: ['pem-carriage-returns'],
    },
    {
      name: 'carriage returns alone in the key',
      given: withKey('cr.key', bareReturns(bare.key)),
      failed: ['pem-carriage-returns'],
    },
    {
      name: 'a carriage return alone between two certificates',
      given: withCertificate('between.crt', `${bare.cert.trimEnd()}\r${root.cert}`),
      failed: ['pem-carriage-returns'],
    },
    ...caWritingRows(pki, bare, root),
  ];
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
const bareReturns = (text: string): string => text.replaceAll('\n', '\r');

function caWritingRows(pki: Pki, leaf: Issued, { cert }: Issued): readonly Row[] {
  const bundle = join(pki.dir, 'bundle');
  mkdirSync(bundle);
  const written = (name: string, text: string) => ({ caPath: pki.write(name, text) });
  const marked = pki.write('bom-clients.ca', `\ufeff${cert}`);
  const [mark, returns] = [['pem-byte-order-mark'], ['pem-carriage-returns']];
  pki.write('bundle/bom.pem', `\ufeff${cert}`);
  const row = (name: string, given: Given, rest: Pick<Row, 'failed' | 'warned'>): Row => ({
    name,
    given: { ...pair(leaf), ...given },
    ...rest,
  });
  return [
    row('a byte order mark before the CA', written('bom.ca', `\ufeff${cert}`), { warned: mark }),
    row('a byte order mark in a directory of CAs', { caPath: bundle }, { warned: mark }),
    row('a byte order mark before the client CA', { clientCaPath: marked }, { warned: mark }),
    row('CRLF in the CA', written('crlf.ca', crlf(cert)), { warned: returns }),
    row('CR alone in the CA', written('cr.ca', bareReturns(cert)), { failed: returns }),
  ];
}

function pairRows(pki: Pki, { bare, leaf }: Materials): readonly Row[] {
  const encrypted = pki.encryptedKey(bare, 'secret');
  const legacy = pki.encryptedKey(bare, 'secret', 'legacy');
  for (const path of [encrypted, legacy]) chmodSync(path, 0o600);
  const { certPath } = bare;
  const closed = ['client-key-encrypted'];
  const sameType = owned(pki.leaf({ cn: 'same type' }));
  return [
    { name: 'an encrypted key', given: { certPath, keyPath: encrypted }, failed: closed },
    {
      name: 'an encrypted key of the old form',
      given: { certPath, keyPath: legacy },
      failed: closed,
    },
    {
      name: 'a wrong passphrase',
      given: { certPath, keyPath: encrypted, passphrasePath: secret(pki, 'wrong.pass', 'other\n') },
      failed: closed,
    },
    {
      name: 'an empty passphrase',
      given: { certPath, keyPath: encrypted, passphrasePath: secret(pki, 'empty.pass', '\n') },
      failed: closed,
    },
    {
      name: 'the key of another certificate',
      given: { certPath, keyPath: sameType.keyPath },
      failed: ['client-key-mismatch'],
    },
    {
      name: 'a key of another type',
      given: { certPath, keyPath: leaf.keyPath },
      failed: ['client-key-mismatch'],
    },
  ];
}

type Issue = (request: Parameters<Pki['leaf']>[0]) => Given;

function dateRows(pki: Pki, { root }: Materials, issue: Issue): readonly Row[] {
  const under = (name: string, notBefore: Date, notAfter: Date): Given => {
    const ca = pki.ca(`/O=Example/CN=${name}`, { ca: root, notBefore, notAfter });
    const leaf = owned(pki.leaf({ cn: 'below', ca, days: 300 }));
    return { certPath: pki.chain(`${name}.crt`, leaf, ca), keyPath: leaf.keyPath };
  };
  return [
    {
      name: 'expired',
      given: issue({ cn: 'old', ca: root, notBefore: at(-9), notAfter: at(-1) }),
      failed: ['client-certificate-expired'],
    },
    {
      name: 'not valid yet',
      given: issue({ cn: 'new', ca: root, notBefore: at(1), notAfter: at(9) }),
      failed: ['client-certificate-not-yet-valid'],
    },
    {
      name: 'dates the wrong way round',
      given: issue({ cn: 'reversed', ca: root, notBefore: at(9), notAfter: at(-9) }),
      failed: ['client-certificate-expired'],
    },
    {
      name: 'ten days left of a year',
      given: issue({ cn: 'ending', ca: root, notBefore: at(-355), notAfter: at(10) }),
      warned: ['client-certificate-expires-soon'],
    },
    {
      name: 'two thirds of a short life over',
      given: issue({ cn: 'short', ca: root, notBefore: at(-7), notAfter: at(3) }),
      warned: ['client-certificate-expires-soon'],
    },
    {
      name: 'an intermediate that expired',
      given: under('Expired CA', at(-9), at(-1)),
      failed: ['client-intermediate-expired'],
    },
    {
      name: 'an intermediate that is not valid yet',
      given: under('Early CA', at(1), at(900)),
      failed: ['client-intermediate-not-yet-valid'],
    },
    {
      name: 'an intermediate that ends first',
      given: under('Ending CA', at(-9), at(100)),
      warned: ['client-intermediate-expires-first'],
    },
  ];
}

function purposeRows(pki: Pki, { root, ca }: Materials, issue: Issue): readonly Row[] {
  const legacy = owned(
    pki.leaf({ cn: 'secp256k1', ca: root, keyPath: curveKey(pki, 'secp256k1') }),
  );
  const small = owned(pki.leaf({ cn: 'P-192', ca: root, keyPath: curveKey(pki, 'prime192v1') }));
  return [
    {
      name: 'for servers only',
      given: issue({ cn: 'server', ca: root, eku: 'serverAuth' }),
      failed: ['client-certificate-purpose'],
    },
    {
      name: 'for signing code only',
      given: issue({ cn: 'code', ca: root, eku: 'codeSigning' }),
      failed: ['client-certificate-purpose'],
    },
    {
      name: 'for any purpose, which OpenSSL does not take for clients',
      given: issue({ cn: 'any', ca: root, eku: 'anyExtendedKeyUsage' }),
      failed: ['client-certificate-purpose'],
    },
    {
      name: "of Netscape's type for servers",
      given: issue({ cn: 'netscape', ca: root, extensions: ['nsCertType=server'] }),
      failed: ['client-certificate-purpose'],
    },
    {
      name: 'with a critical extension that nobody knows',
      given: issue({ cn: 'critical', ca: root, extensions: [unknownCritical] }),
      failed: ['client-critical-extension-unknown'],
    },
    {
      name: 'a key for agreement only, which OpenSSL takes',
      given: issue({ cn: 'agreement', ca: root, keyUsage: 'keyAgreement' }),
      warned: ['client-certificate-key-usage'],
    },
    {
      name: 'a key for encipherment only',
      given: issue({ cn: 'cipher', ca: root, keyType: 'rsa', keyUsage: 'keyEncipherment' }),
      failed: ['client-certificate-key-usage'],
    },
    {
      name: 'self-signed',
      given: issue({ cn: 'self' }),
      failed: ['client-certificate-self-signed'],
    },
    {
      name: 'a root for a leaf',
      given: pair(root),
      failed: ['client-certificate-self-signed'],
    },
    { name: 'an intermediate for a leaf', given: pair(ca), failed: ['client-certificate-is-ca'] },
    {
      name: 'RSA of 1024 bits',
      given: issue({ cn: 'weak', ca: root, keyType: 'rsa1024' }),
      failed: ['client-certificate-weak'],
    },
    {
      name: 'signed with SHA-1',
      given: issue({ cn: 'sha1', ca: root, digest: 'sha1' }),
      failed: ['client-certificate-weak'],
    },
    {
      name: 'a curve without a signature in TLS',
      given: pair(legacy),
      failed: ['client-key-type-unusable'],
    },
    {
      name: 'a curve that is too small',
      given: pair(small),
      failed: ['client-certificate-weak', 'client-key-type-unusable'],
    },
  ];
}

function curveKey(pki: Pki, curve: string): string {
  const path = join(pki.dir, `${curve}.key`);
  openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', path]);
  return path;
}

const unknownCritical = '1.2.3.4.5=critical,DER:0500';
const noDeeper = ['basicConstraints=critical,CA:TRUE,pathlen:0'];
const onlyOurs = [...noDeeper, 'nameConstraints=critical,permitted;DNS:example.com'];

function chainRows(pki: Pki, { root, ca, other, leaf, bare }: Materials): readonly Row[] {
  const { keyPath } = leaf;
  const chained = pki.chain('chained.crt', leaf, ca);
  type Request = NonNullable<Parameters<Pki['ca']>[1]>;
  const below = (request: Request): Given => {
    const issuer = pki.ca('/O=Example/CN=Issuer', { ca: root, days: 1000, ...request });
    const issued = owned(pki.leaf({ cn: 'below issuer', ca: issuer }));
    const name = `${issued.sha256}.pem`;
    return { certPath: pki.chain(name, issued, issuer), keyPath: issued.keyPath };
  };
  const ofRoot = (request: Request): Given => {
    const anchor = pki.ca('/O=Example/CN=Anchor', request);
    const issued = owned(pki.leaf({ cn: 'of anchor', ca: anchor }));
    return { ...pair(issued), clientCaPath: anchor.certPath };
  };
  const order = ['client-certificate-chain-order'];
  const missing = ['client-certificate-intermediate-missing'];
  const noCa = pki.leaf({ cn: '/O=Example/CN=No CA', ca: root, keyUsage: null, eku: null });
  const belowNoCa = owned(pki.leaf({ cn: 'below', ca: noCa, days: 20 }));
  const weakCa = pki.ca('/O=Example/CN=Weak CA', { ca: root, digest: 'sha1', days: 1000 });
  const belowWeak = owned(pki.leaf({ cn: 'below weak', ca: weakCa }));
  const namesake = pki.ca('/O=Example/CN=Root');
  const shallow = pki.ca('/O=Example/CN=Shallow Root', { days: 3650, extensions: noDeeper });
  const deeper = pki.ca('/O=Example/CN=Deeper CA', { ca: shallow, days: 1000 });
  const tooDeep = owned(pki.leaf({ cn: 'too deep', ca: deeper }));
  const narrow = pki.ca('/O=Example/CN=Narrow CA', { ca: root, days: 1000, extensions: onlyOurs });
  const outside = owned(pki.leaf({ cn: 'outside', ca: narrow, san: 'DNS:delegate.example.org' }));
  return [
    {
      name: 'a path longer than its root allows',
      given: {
        certPath: pki.chain('deep.crt', tooDeep, deeper, shallow),
        keyPath: tooDeep.keyPath,
      },
      failed: ['client-path-too-long'],
    },
    {
      name: 'a path longer than a root allows that only the gateway has',
      given: {
        ...{ certPath: pki.chain('deep-below.crt', tooDeep, deeper), keyPath: tooDeep.keyPath },
        clientCaPath: shallow.certPath,
      },
      failed: ['client-path-too-long'],
    },
    {
      name: 'a name that its CA may not give',
      given: { certPath: pki.chain('outside.crt', outside, narrow), keyPath: outside.keyPath },
      failed: ['client-name-not-permitted'],
    },
    {
      name: 'issuer before leaf',
      given: { certPath: pki.chain('reversed.crt', ca, leaf), keyPath },
      failed: order,
    },
    {
      name: 'root before issuer',
      given: { certPath: pki.chain('mixed.crt', leaf, root, ca), keyPath },
      failed: order,
    },
    {
      name: 'a stray CA',
      given: { certPath: pki.chain('stray.crt', leaf, ca, other), keyPath },
      failed: order,
    },
    {
      name: 'the leaf twice',
      given: { certPath: pki.chain('twice.crt', leaf, leaf, ca), keyPath },
      failed: order,
    },
    {
      name: 'a gap below the root',
      given: { certPath: pki.chain('gap.crt', leaf, root), keyPath },
      failed: missing,
    },
    {
      name: 'no intermediate, by the client CA',
      given: { certPath: leaf.certPath, keyPath, clientCaPath: root.certPath },
      failed: missing,
    },
    {
      name: 'the wrong client CA',
      given: { certPath: chained, keyPath, clientCaPath: other.certPath },
      failed: ['client-issuer-not-accepted'],
    },
    {
      name: 'a client CA of the same name with another key',
      given: { ...pair(bare), clientCaPath: namesake.certPath },
      failed: ['client-issuer-not-accepted'],
    },
    {
      name: 'a client CA file that is none',
      given: { ...pair(bare), clientCaPath: bare.keyPath },
      failed: ['client-ca-unusable'],
    },
    {
      name: 'issued by what is no CA',
      given: { certPath: pki.chain('noca.crt', belowNoCa, noCa), keyPath: belowNoCa.keyPath },
      failed: ['client-intermediate-not-a-ca'],
    },
    {
      name: 'below a CA for servers only',
      given: below({ eku: 'serverAuth' }),
      failed: ['client-intermediate-purpose'],
    },
    {
      name: 'below a CA for servers only, by the client CA',
      given: { ...below({ eku: 'serverAuth' }), clientCaPath: root.certPath },
      failed: ['client-intermediate-purpose'],
    },
    {
      name: 'below a CA with a critical extension that nobody knows',
      given: below({ extensions: [unknownCritical] }),
      failed: ['client-critical-extension-unknown'],
    },
    {
      name: 'a client CA that expired',
      given: ofRoot({ notBefore: at(-9), notAfter: at(-1) }),
      failed: ['client-ca-expired'],
    },
    {
      name: 'a client CA that is not valid yet',
      given: ofRoot({ notBefore: at(1), notAfter: at(900) }),
      failed: ['client-ca-not-yet-valid'],
    },
    {
      name: 'a client CA that may not sign certificates',
      given: ofRoot({ keyUsage: 'cRLSign' }),
      failed: ['client-ca-no-authority'],
    },
    {
      name: 'a client CA for servers only',
      given: ofRoot({ eku: 'serverAuth' }),
      failed: ['client-ca-no-authority'],
    },
    {
      name: 'a client CA without its root',
      given: { certPath: leaf.certPath, keyPath, clientCaPath: ca.certPath },
      failed: ['client-ca-no-authority'],
    },
    {
      name: 'itself for a client CA',
      given: { ...pair(bare), clientCaPath: bare.certPath },
      failed: ['client-ca-no-authority'],
    },
    {
      name: 'a client CA file with a CA cut short',
      given: {
        ...pair(bare),
        clientCaPath: pki.write('cut.ca', root.cert + other.cert.slice(0, 200)),
      },
      failed: ['client-ca-unusable'],
    },
    {
      name: 'an intermediate signed with SHA-1',
      given: { certPath: pki.chain('weakca.crt', belowWeak, weakCa), keyPath: belowWeak.keyPath },
      failed: ['client-certificate-weak'],
    },
  ];
}

function revocationRows(pki: Pki, { root, other, bare }: Materials): readonly Row[] {
  const crl = pki.crl(root, [bare]);
  const [past, early] = [
    ['20250101000000Z', '20250201000000Z'],
    [asn1Time(1), asn1Time(9)],
  ] as const;
  const [old, future] = [datedCrl(pki, root, ...past), datedCrl(pki, root, ...early)];
  const namesake = pki.ca('/O=Example/CN=Root');
  const base: Given = { ...pair(bare), clientCaPath: root.certPath };
  const unusable = ['crl-unusable'];
  return [
    { name: 'revoked', given: { ...base, crlPath: crl }, failed: ['client-certificate-revoked'] },
    {
      name: 'revoked, by a CRL in DER',
      given: {
        ...base,
        crlPath: pki.write('crl.der', openssl(['crl', '-in', crl, '-outform', 'DER'])),
      },
      failed: ['client-certificate-revoked'],
    },
    {
      name: 'a CRL that is outdated',
      given: { ...base, crlPath: old },
      warned: ['gateway-crl-outdated'],
    },
    {
      name: 'a CRL from the future',
      given: { ...base, crlPath: future },
      warned: ['crl-not-yet-valid'],
    },
    { name: 'a CRL of another CA', given: { ...base, crlPath: pki.crl(other) }, failed: unusable },
    {
      name: 'a CRL signed by a namesake',
      given: { ...base, crlPath: pki.crl(namesake, [bare]) },
      failed: unusable,
    },
    {
      name: 'a certificate for a CRL',
      given: { ...base, crlPath: bare.certPath },
      failed: unusable,
    },
    {
      name: 'no CRL file',
      given: { ...base, crlPath: join(pki.dir, 'absent.crl') },
      failed: unusable,
    },
  ];
}

const asn1Time = (days: number): string =>
  `${at(days).toISOString().slice(0, 19).replace(/\D/g, '')}Z`;

/** OpenSSL counts days from now only, and takes exact times of both updates. */
function datedCrl(
  pki: Pki,
  { certPath, keyPath }: Issued,
  thisUpdate: string,
  nextUpdate: string,
): string {
  const config = certPath.replace(/\.crt$/, '.database/cnf');
  const path = join(pki.dir, `${thisUpdate}.crl`);
  const times = ['-crl_lastupdate', thisUpdate, '-crl_nextupdate', nextUpdate];
  const signer = ['-config', config, '-cert', certPath, '-keyfile', keyPath];
  openssl(['ca', ...signer, '-gencrl', ...times, '-out', path]);
  return path;
}

function anchorRows(pki: Pki, { root }: Materials, given: Given): readonly Row[] {
  const old = pki.ca('Old CA', { notBefore: at(-9), notAfter: at(-1) });
  return [
    {
      name: 'no CA file',
      given: { ...given, caPath: join(pki.dir, 'absent.ca') },
      failed: ['ca-file-missing'],
    },
    {
      name: 'a key for a CA',
      given: { ...given, caPath: root.keyPath },
      failed: ['ca-file-unparsable'],
    },
    { name: 'an expired CA', given: { ...given, caPath: old.certPath }, failed: ['ca-expired'] },
    {
      name: 'an expired CA beside another',
      given: { ...given, caPath: pki.chain('cas.crt', old, root) },
      warned: ['ca-expired'],
    },
  ];
}

function delegateRows(pki: Pki, { bare, leaf, ca }: Materials): readonly Row[] {
  const trustStorePath = pki.write('cacerts', jks({ anchors: [toDer(ca.cert)] }));
  const certPath = pki.chain('delegate.crt', leaf, ca);
  const traditional = pki.traditionalKey(leaf);
  chmodSync(traditional, 0o600);
  const two = pki.write('two.key', leaf.key + leaf.key);
  chmodSync(two, 0o600);
  const unusable = ['client-key-unusable-by-delegate'];
  const store = ['java-truststore-unusable'];
  return [
    {
      name: 'a byte order mark before the certificate, for Java',
      given: {
        certPath: pki.write('bom-java.crt', `\ufeff${leaf.cert}${ca.cert}`),
        keyPath: leaf.keyPath,
        trustStorePath,
      },
      failed: ['pem-byte-order-mark'],
    },
    {
      name: 'a byte order mark before the CA, beside Java',
      given: {
        ...{ certPath, keyPath: leaf.keyPath, trustStorePath },
        caPath: pki.write('bom-java.ca', `\ufeff${ca.cert}`),
      },
      warned: ['pem-byte-order-mark'],
    },
    { name: 'an EC key, for Java', given: { ...pair(bare), trustStorePath }, failed: unusable },
    {
      name: 'RSA PRIVATE KEY, for Java',
      given: { certPath, keyPath: traditional, trustStorePath },
      failed: unusable,
    },
    {
      name: 'two keys, for Java',
      given: { certPath, keyPath: two, trustStorePath },
      failed: unusable,
    },
    {
      name: 'PEM for a trust store',
      given: { certPath, keyPath: leaf.keyPath, trustStorePath: ca.certPath },
      failed: store,
    },
    {
      name: 'no trust store',
      given: { certPath, keyPath: leaf.keyPath, trustStorePath: join(pki.dir, 'absent.jks') },
      failed: store,
    },
  ];
}

export function goodRows(pki: Pki, { root, ca, leaf, bare }: Materials): readonly Row[] {
  const { keyPath } = leaf;
  const certPath = pki.chain('good.crt', leaf, ca);
  const issue = (request: Parameters<Pki['leaf']>[0]): Given => pair(owned(pki.leaf(request)));
  const encrypted = pki.encryptedKey(bare, 'secret');
  chmodSync(encrypted, 0o600);
  const combined = pki.write('combined.pem', bare.key + bare.cert);
  chmodSync(combined, 0o600);
  const p12 = pki.pkcs12(bare, 'secret');
  const chained = join(pki.dir, 'chained.p12');
  const files = ['-inkey', keyPath, '-in', leaf.certPath, '-certfile', ca.certPath];
  openssl(['pkcs12', '-export', ...files, '-out', chained, '-passout', 'pass:secret']);
  const des = pki.pkcs12(bare, 'secret', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES');
  const blank = pki.pkcs12(bare, '');
  for (const path of [p12, chained, des, blank]) chmodSync(path, 0o600);
  const passphrasePath = secret(pki, 'p12.pass', 'secret\n');
  const self = owned(pki.leaf({ cn: 'registered' }));
  const narrow = pki.ca('/O=Example/CN=Narrow CA', { ca: root, days: 1000, extensions: onlyOurs });
  const inside = owned(pki.leaf({ cn: 'inside', ca: narrow, san: 'DNS:delegate.example.com' }));
  const trustStorePath = pki.write('good-cacerts', jks({ anchors: [toDer(ca.cert)] }));
  const clientCaPath = root.certPath;
  return [
    { name: 'RSA below an intermediate', given: { certPath, keyPath, clientCaPath } },
    {
      name: 'below a CA with constraints that it meets',
      given: {
        ...{ certPath: pki.chain('inside.crt', inside, narrow), keyPath: inside.keyPath },
        clientCaPath,
      },
    },
    {
      name: 'with its root',
      given: { certPath: pki.chain('whole.crt', leaf, ca, root), keyPath, clientCaPath },
    },
    {
      name: 'the intermediate with the gateway',
      given: { certPath: leaf.certPath, keyPath, clientCaPath: pki.chain('both.crt', ca, root) },
    },
    { name: 'ECDSA P-256 below a root', given: { ...pair(bare), clientCaPath } },
    { name: 'ECDSA P-384', given: issue({ cn: 'p384', ca: root, keyType: 'ec384' }) },
    { name: 'Ed25519', given: issue({ cn: 'ed25519', ca: root, keyType: 'ed25519' }) },
    { name: 'Ed448', given: issue({ cn: 'ed448', ca: root, keyType: 'ed448' }) },
    { name: 'no extendedKeyUsage', given: issue({ cn: 'no eku', ca: root, eku: null }) },
    { name: 'no keyUsage', given: issue({ cn: 'no ku', ca: root, keyUsage: null }) },
    {
      name: 'for clients and servers',
      given: issue({ cn: 'both', ca: root, eku: 'clientAuth,serverAuth' }),
    },
    { name: 'SHA-384', given: issue({ cn: 'sha384', ca: root, digest: 'sha384' }) },
    {
      name: 'an encrypted key with its passphrase',
      given: {
        certPath: bare.certPath,
        keyPath: encrypted,
        passphrasePath: secret(pki, 'good.pass', 'secret\n'),
      },
    },
    { name: 'key and certificate in one file', given: { certPath: combined, keyPath: combined } },
    { name: 'PKCS#12', given: { certPath: p12, keyPath: p12, passphrasePath } },
    {
      name: 'PKCS#12 in triple DES',
      given: { certPath: des, keyPath: des, passphrasePath },
    },
    { name: 'PKCS#12 with the empty passphrase', given: { certPath: blank, keyPath: blank } },
    {
      name: 'PKCS#12 with its chain',
      given: { certPath: chained, keyPath: chained, passphrasePath, clientCaPath },
    },
    { name: 'self-signed, and registered', given: { ...pair(self), clientCaPath: self.certPath } },
    { name: 'not revoked', given: { ...pair(bare), clientCaPath, crlPath: pki.crl(root, [leaf]) } },
    {
      name: 'a carriage return in the text between blocks',
      given: {
        certPath: pki.write('comment.crt', `A comment\rof two\n${bare.cert}`),
        keyPath: bare.keyPath,
      },
    },
    {
      name: 'a certificate that all may read and a group may change',
      given: { certPath: withMode(pki, 'group.crt', bare.cert, 0o664), keyPath: bare.keyPath },
    },
    { name: 'with anchors', given: { ...pair(bare), caPath: root.certPath } },
    { name: 'RSA in PKCS#8, for Java', given: { certPath, keyPath, trustStorePath } },
  ];
}
