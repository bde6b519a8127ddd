/** A client's credential as the checks take it: what its files hold, and the path that they make. */
import { epochMs } from '../../diagnosis/time.ts';
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type {
  CertificateSeen,
  CredentialSeen,
  DelegateSeen,
  FileSeen,
} from '../../evidence/evidence.ts';
import { type Certificate, readCertificate } from '../../x509/certificate.ts';
import { type Crl, readCrl } from '../../x509/crl.ts';
import { judgePath, type PathVerdict } from '../../x509/judge-path.ts';
import type { PathQuestion } from '../../x509/openssl-path.ts';
import { buildPath, type CertificationPath } from '../../x509/path.ts';
import { certificateDer, readPem } from '../../x509/pem.ts';
import { findPemFault, type PemFault } from '../../x509/strict-pem.ts';

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
  /** The file as it stands; absent where it is a directory, or could not be read. */
  readonly octets?: Uint8Array;
}

export interface Anchors {
  readonly seen: FileSeen;
  readonly certificates: readonly Certificate[];
  /** Where OpenSSL gives the file up. */
  readonly pemFault?: PemFault;
}

export interface ClientSubject extends Omit<ClientFacts, 'chain' | 'ca' | 'clientCa' | 'crl'> {
  readonly certificates: readonly Certificate[];
  readonly leaf?: Leaf;
  readonly path: CertificationPath;
  readonly caCertificates: readonly Certificate[];
  /** OpenSSL's, by the client CA where that is known; absent without a leaf. */
  readonly verdict?: PathVerdict;
  readonly clientCa?: Anchors;
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
  const anchors = clientCa && toAnchors(clientCa);
  // Of a file with a block that does not decode, nothing can be said for certain.
  const isWhole = facts.credential.certificateFile?.content === undefined;
  const certificate = certificates.find(({ sha256 }) => isWhole && sha256 === facts.leafSha256);
  return {
    ...rest,
    certificates,
    ...(certificate && { leaf: { certificate, seen: seeCertificate(certificate.der) } }),
    path: certificate ? buildPath(certificates, certificate) : { path: [], strays: certificates },
    caCertificates: readAnchors(ca),
    ...(certificate && { verdict: asClient(certificate, certificates, anchors, facts.now) }),
    ...(anchors && { clientCa: anchors }),
    ...(crl && { crl: { seen: crl.seen, lists: readLists(crl.octets) } }),
  };
}

interface PathGiven extends Pick<PathQuestion, 'leaf' | 'anchors' | 'purpose'> {
  /** All of the file, the leaf included. */
  readonly certificates: readonly Certificate[];
  /** RFC 3339, UTC. */
  readonly now: string;
}

export function judgeFile({ certificates, now, ...given }: PathGiven): PathVerdict {
  const others = certificates.filter((each) => each !== given.leaf);
  return judgePath({ ...given, others, nowMs: epochMs(now) ?? 0 });
}

/** Those of a file that holds none are as good as unknown: that is told by another check. */
function asClient(
  leaf: Certificate,
  certificates: readonly Certificate[],
  clientCa: Anchors | undefined,
  now: string,
): PathVerdict {
  const anchors = clientCa?.certificates ?? [];
  const known = anchors.length > 0 && { anchors };
  return judgeFile({ leaf, certificates, ...known, purpose: 'client', now });
}

export function toAnchors({ seen, ca, octets }: AnchorsRead): Anchors {
  const pemFault = octets && findPemFault(octets);
  return { seen, certificates: readAnchors(ca), ...(pemFault && { pemFault }) };
}

export function readAll(ders: readonly Uint8Array[]): readonly Certificate[] {
  return ders.map(readCertificate).filter((one) => one !== undefined);
}

export function readAnchors(pem = ''): readonly Certificate[] {
  return readAll(readPem(pem).slice(0, maxAnchors).map(certificateDer));
}

/** Undefined stands for what is no list. */
function readLists(octets: Uint8Array = new Uint8Array()): readonly (Crl | undefined)[] {
  const blocks = readPem(Buffer.from(octets).toString('latin1'));
  if (blocks.length === 0) return [readCrl(octets)];
  const lists = blocks.filter(({ label }) => label === 'X509 CRL' || label === 'CRL');
  return lists.length === 0 ? [undefined] : lists.map(({ der }) => readCrl(der));
}
