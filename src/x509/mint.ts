/** Makes certificates for experiments, the demo and tests. Loads what it needs on first use: it is heavy. */
import { webcrypto } from 'node:crypto';
import { toPem } from './pem.ts';

export interface MintRequest {
  /** RFC 4514: `CN=Delegate CA,O=Example`. */
  readonly subject: string;
  /** Who signs; absent: the certificate itself. */
  readonly issuer?: Minted;
  /** Milliseconds since 1970, cut to whole seconds. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Default: false. */
  readonly isCa?: boolean;
  readonly extendedKeyUsage?: readonly MintPurpose[];
  /** As in evidence: `DNS:localhost`, `IP:127.0.0.1`, `URI:…`, `email:…`. */
  readonly subjectAltNames?: readonly string[];
  /** Default: `ec`, which is P-256; `rsa` is 2048 bits and takes a second at worst. */
  readonly keyType?: MintKeyType;
}

export type MintKeyType = 'ec' | 'rsa' | 'ed25519';
type MintPurpose = 'clientAuth' | 'serverAuth';

export interface Minted {
  readonly subject: string;
  readonly certPem: string;
  /** PKCS#8, unencrypted. */
  readonly keyPem: string;
  readonly der: Uint8Array;
  /** For signing with it as `issuer`. */
  readonly keys: webcrypto.CryptoKeyPair;
}

const keyAlgorithms = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  },
  ed25519: { name: 'Ed25519' },
} as const;

const purposes: Readonly<Record<MintPurpose, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

export async function mintCertificate(request: MintRequest): Promise<Minted> {
  const x509 = await loadLibrary();
  const { subject, issuer } = request;
  const keys = await generateKeys(request.keyType ?? 'ec');
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: toName(x509, subject),
      issuer: toName(x509, issuer?.subject ?? subject),
      // biome-ignore lint/style/noRestrictedGlobals: a conversion that reads no clock
      notBefore: new Date(request.notBeforeMs),
      // biome-ignore lint/style/noRestrictedGlobals: a conversion that reads no clock
      notAfter: new Date(request.notAfterMs),
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      signingAlgorithm: { name: (issuer?.keys ?? keys).privateKey.algorithm.name, hash: 'SHA-256' },
      extensions: await extensions(x509, request, keys),
    },
    webcrypto,
  );
  const der = new Uint8Array(certificate.rawData);
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    subject,
    certPem: toPem('CERTIFICATE', der),
    keyPem: toPem('PRIVATE KEY', new Uint8Array(pkcs8)),
    der,
    keys,
  };
}

type Library = typeof import('@peculiar/x509');

async function loadLibrary(): Promise<Library> {
  // The library wants the metadata polyfill to stand before it.
  await import('reflect-metadata');
  // By its default export: bundled, a CommonJS package has no other.
  return (await import('@peculiar/x509')).default;
}

/** The library takes RDNs in the order of the encoding, which RFC 4514 writes backwards. */
function toName(x509: Library, text: string) {
  return new x509.Name(text).toJSON().toReversed();
}

async function generateKeys(keyType: MintKeyType): Promise<webcrypto.CryptoKeyPair> {
  const keys = await webcrypto.subtle.generateKey(keyAlgorithms[keyType], true, ['sign', 'verify']);
  return keys as webcrypto.CryptoKeyPair;
}

async function extensions(x509: Library, request: MintRequest, keys: webcrypto.CryptoKeyPair) {
  const { isCa = false, extendedKeyUsage, subjectAltNames, issuer } = request;
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  const issuerKey = (issuer?.keys ?? keys).publicKey;
  return [
    new x509.BasicConstraintsExtension(isCa, undefined, true),
    new x509.KeyUsagesExtension(isCa ? keyCertSign | cRLSign : digitalSignature, true),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
    await x509.AuthorityKeyIdentifierExtension.create(issuerKey, false, webcrypto),
    ...(extendedKeyUsage
      ? [new x509.ExtendedKeyUsageExtension(extendedKeyUsage.map((name) => purposes[name]))]
      : []),
    ...(subjectAltNames
      ? [new x509.SubjectAlternativeNameExtension(subjectAltNames.map(toGeneralName))]
      : []),
  ];
}

const generalNameTypes = { DNS: 'dns', IP: 'ip', URI: 'url', email: 'email' } as const;

function toGeneralName(text: string) {
  const [, prefix, value] = /^(DNS|IP|URI|email):(.+)$/.exec(text) ?? [];
  const type = generalNameTypes[prefix as keyof typeof generalNameTypes];
  if (type === undefined || value === undefined) throw new TypeError(`no subject name: ${text}`);
  return { type, value };
}
