/** The certificates that the faults need, minted once for a run by the `openssl` command. */
import { chmodSync } from 'node:fs';
import { type Issued, makePki, type Pki } from '../support/openssl.ts';
import type { Files } from './fault.ts';

export interface Materials {
  readonly pki: Pki;
  readonly authorities: ReturnType<typeof mintAuthorities>;
  readonly servers: ReturnType<typeof mintServers>;
  readonly clients: ReturnType<typeof mintClients>;
  readonly crlPath: string;
  /** Of the same authority; in date for a second. */
  readonly outdatedCrlPath: string;
}

const dayMs = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * dayMs);
const past = { notBefore: inDays(-60), notAfter: inDays(-3) };
const future = { notBefore: inDays(3), notAfter: inDays(60) };
const longAgo = { notBefore: inDays(-90), notAfter: inDays(90) };

/** `directory` must exist; it becomes readable for everybody, as some looks are another user's. */
export function mintMaterials(directory: string): Materials {
  chmodSync(directory, 0o755);
  const pki = makePki(directory);
  const authorities = mintAuthorities(pki);
  const clients = mintClients(pki, authorities);
  return {
    outdatedCrlPath: pki.crl(authorities.delegate, [], 1 / 86_400),
    pki,
    authorities,
    servers: mintServers(pki, authorities),
    clients,
    crlPath: pki.crl(authorities.delegate, [clients.revoked]),
  };
}

function mintAuthorities(pki: Pki) {
  const gateway = pki.ca('/O=Example Vendor/CN=Gateway CA', longAgo);
  const delegate = pki.ca('/O=Example Customer/CN=Delegate CA', longAgo);
  return {
    gateway,
    gatewayIssuing: pki.ca('/O=Example Vendor/CN=Gateway Issuing CA', { ca: gateway, ...longAgo }),
    gatewayIssuingExpired: pki.ca('/O=Example Vendor/CN=Old Issuing CA', { ca: gateway, ...past }),
    delegate,
    delegateIssuing: pki.ca('/O=Example Customer/CN=Delegate Issuing CA', {
      ca: delegate,
      ...longAgo,
    }),
    delegateIssuingExpired: pki.ca('/O=Example Customer/CN=Old Delegate CA', {
      ca: delegate,
      ...past,
    }),
    /** What a wrong rotation puts into the gateway in the place of the delegates' CA. */
    wrong: pki.ca('/O=Example Vendor/CN=Billing Service CA', longAgo),
    /** Another key under the very name of the delegates' CA. */
    namesake: pki.ca('/O=Example Customer/CN=Delegate CA', longAgo),
    stranger: pki.ca('/O=Elsewhere/CN=Stranger CA', longAgo),
  };
}

type Authorities = ReturnType<typeof mintAuthorities>;

function mintServers(
  pki: Pki,
  { gateway, gatewayIssuing, gatewayIssuingExpired, stranger }: Authorities,
) {
  const other = { cn: 'other.example', san: 'DNS:other.example' };
  const good = pki.server({ ca: gateway });
  const noCa = pki.server({ cn: 'no CA', ca: gateway, keyUsage: 'keyCertSign', eku: null });
  return {
    good,
    rsa: pki.server({ ca: gateway, keyType: 'rsa' }),
    renewed: pki.server({ ca: gateway }),
    expired: pki.server({ ca: gateway, ...past }),
    early: pki.server({ ca: gateway, ...future }),
    otherName: pki.server({ ca: gateway, ...other }),
    selfSigned: pki.server({}),
    untrusted: pki.server({ ca: stranger }),
    belowIssuing: pki.server({ ca: gatewayIssuing }),
    belowExpired: pki.server({ ca: gatewayIssuingExpired, ...longAgo }),
    clientOnly: pki.server({ ca: gateway, eku: 'clientAuth' }),
    weak: pki.server({ ca: gateway, keyType: 'rsa1024' }),
    sha1: pki.server({ ca: gateway, digest: 'sha1' }),
    belowNoCa: pki.server({ cn: 'below', ca: noCa }),
    noCa,
    belowLeaf: pki.server({ cn: 'below', ca: good }),
    ingressDefault: pki.server({
      cn: '/O=Acme Co/CN=Kubernetes Ingress Controller Fake Certificate',
      san: 'DNS:ingress.local',
    }),
    traefikDefault: pki.server({
      cn: 'TRAEFIK DEFAULT CERT',
      san: 'DNS:4f4e.b9a1.traefik.default',
    }),
  };
}

function mintClients(pki: Pki, authorities: Authorities) {
  const { delegate: ca, delegateIssuing, delegateIssuingExpired, stranger } = authorities;
  return {
    good: pki.leaf({ cn: 'delegate-1', ca, keyType: 'rsa' }),
    ec: pki.leaf({ cn: 'delegate-ec', ca }),
    ed25519: pki.leaf({ cn: 'delegate-ed', ca, keyType: 'ed25519' }),
    expired: pki.leaf({ cn: 'delegate-expired', ca, ...past }),
    early: pki.leaf({ cn: 'delegate-early', ca, ...future }),
    purpose: pki.leaf({ cn: 'delegate-purpose', ca, eku: 'serverAuth' }),
    keyUsage: pki.leaf({ cn: 'delegate-usage', ca, keyType: 'rsa', keyUsage: 'keyEncipherment' }),
    selfSigned: pki.leaf({ cn: 'delegate-self' }),
    stranger: pki.leaf({ cn: 'delegate-stranger', ca: stranger }),
    belowIssuing: pki.leaf({ cn: 'delegate-below', ca: delegateIssuing }),
    belowExpired: pki.leaf({ cn: 'delegate-old', ca: delegateIssuingExpired, ...longAgo }),
    revoked: pki.leaf({ cn: 'delegate-revoked', ca }),
    weak: pki.leaf({ cn: 'delegate-weak', ca, keyType: 'rsa1024' }),
    sha1: pki.leaf({ cn: 'delegate-sha1', ca, digest: 'sha1' }),
    isCa: pki.leaf({
      ...{ cn: 'delegate-ca', ca, isCa: true, eku: null },
      keyUsage: 'keyCertSign,cRLSign',
    }),
  };
}

/** The certificates of a leaf and what stands above it, in one file beside the leaf's key. */
export function chained(pki: Pki, leaf: Issued, ...above: readonly Issued[]): Files {
  const stem = leaf.certPath.split('/').at(-1);
  const name = `chain-${stem}-${above.map(({ sha256 }) => sha256.slice(0, 8)).join('-')}.pem`;
  return { certPath: pki.chain(name, leaf, ...above), keyPath: leaf.keyPath };
}
