/** A client's credential as the checks take it: what its files hold, and the path that they make. */
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type {
  CertificateSeen,
  CredentialSeen,
  DelegateSeen,
  FileSeen,
} from '../../evidence/evidence.ts';
import { type Certificate, readCertificate } from '../../x509/certificate.ts';
import { type Crl, readCrl } from '../../x509/crl.ts';
import { buildPath, type CertificationPath } from '../../x509/path.ts';
import { readPem } from '../../x509/pem.ts';

/** What was read, before anything is concluded. */
export interface ClientFacts {
  /** RFC 3339, UTC. */
  readonly now: string;
  /** Who reads the files; absent where users have no number. */
  readonly uid?: number;
  readonly credential: CredentialSeen;
  /** DER of every certificate in the file, in its order. */
  readonly chain: readonly Uint8Array[];
  /** Which of them is the leaf: the one that the key belongs to, else the first. */
  readonly leafSha256?: string;
  /** PEM of the anchors for the gateway; absent when none are given, or none can be read. */
  readonly ca?: string;
  /** The authorities that the gateway accepts. */
  readonly clientCa?: AnchorsRead;
  /** The octets of revocation lists: PEM or DER. */
  readonly crl?: { readonly seen: FileSeen; readonly octets?: Uint8Array };
  readonly delegate?: DelegateSeen;
}

export interface AnchorsRead {
  readonly seen: FileSeen;
  /** PEM; absent when no certificate in it decodes. */
  readonly ca?: string;
}

export interface ClientSubject extends Omit<ClientFacts, 'chain' | 'ca' | 'clientCa' | 'crl'> {
  readonly certificates: readonly Certificate[];
  readonly leaf?: Leaf;
  readonly path: CertificationPath;
  readonly caCertificates: readonly Certificate[];
  readonly clientCa?: { readonly seen: FileSeen; readonly certificates: readonly Certificate[] };
  readonly crl?: { readonly seen: FileSeen; readonly lists: readonly (Crl | undefined)[] };
}

export interface Leaf {
  readonly certificate: Certificate;
  readonly seen: CertificateSeen;
}

/** A bundle of a system holds hundreds; more anchors than these are not looked at. */
const maxAnchors = 1024;

export function toClientSubject(facts: ClientFacts): ClientSubject {
  const { chain, ca, clientCa, crl, ...rest } = facts;
  const certificates = readAll(chain);
  // Of a file with a block that does not decode, nothing can be said for certain.
  const isWhole = facts.credential.certificateFile?.content === undefined;
  const certificate = certificates.find(({ sha256 }) => isWhole && sha256 === facts.leafSha256);
  return {
    ...rest,
    certificates,
    ...(certificate && { leaf: { certificate, seen: seeCertificate(certificate.der) } }),
    path: certificate ? buildPath(certificates, certificate) : { path: [], strays: certificates },
    caCertificates: readAnchors(ca),
    ...(clientCa && {
      clientCa: { seen: clientCa.seen, certificates: readAnchors(clientCa.ca) },
    }),
    ...(crl && { crl: { seen: crl.seen, lists: readLists(crl.octets) } }),
  };
}

export function readAll(ders: readonly Uint8Array[]): readonly Certificate[] {
  return ders.map(readCertificate).filter((one) => one !== undefined);
}

export function readAnchors(pem = ''): readonly Certificate[] {
  return readAll(
    readPem(pem)
      .slice(0, maxAnchors)
      .map(({ der }) => der),
  );
}

/** Undefined stands for what is no list. */
function readLists(octets: Uint8Array = new Uint8Array()): readonly (Crl | undefined)[] {
  const blocks = readPem(Buffer.from(octets).toString('latin1'));
  if (blocks.length === 0) return [readCrl(octets)];
  const lists = blocks.filter(({ label }) => label === 'X509 CRL' || label === 'CRL');
  return lists.length === 0 ? [undefined] : lists.map(({ der }) => readCrl(der));
}
