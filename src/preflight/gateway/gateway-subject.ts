/** A gateway's secret as the checks take it. */
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type { CredentialSeen } from '../../evidence/evidence.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { buildPath, type CertificationPath } from '../../x509/path.ts';
import { type AnchorsRead, type Leaf, readAll, readAnchors } from '../client/client-subject.ts';

export interface GatewayFacts {
  /** RFC 3339, UTC. */
  readonly now: string;
  readonly credential: CredentialSeen;
  /** DER of every certificate in the file, in its order. */
  readonly chain: readonly Uint8Array[];
  readonly leafSha256?: string;
  readonly clientCa: AnchorsRead;
  /** By which delegates trust the server; absent when none are given. */
  readonly ca?: AnchorsRead;
  readonly serverName?: string;
  /** OpenSSL's code when the listener could not be made of it. */
  readonly listenError?: string;
}

export interface GatewaySubject extends Omit<GatewayFacts, 'chain'> {
  readonly certificates: readonly Certificate[];
  readonly leaf?: Leaf;
  readonly path: CertificationPath;
  readonly clientAnchors: readonly Certificate[];
  readonly anchors: readonly Certificate[];
}

export function toGatewaySubject({ chain, ...facts }: GatewayFacts): GatewaySubject {
  const certificates = readAll(chain);
  const isWhole = facts.credential.certificateFile?.content === undefined;
  const certificate = certificates.find(({ sha256 }) => isWhole && sha256 === facts.leafSha256);
  return {
    ...facts,
    certificates,
    ...(certificate && { leaf: { certificate, seen: seeCertificate(certificate.der) } }),
    path: certificate ? buildPath(certificates, certificate) : { path: [], strays: certificates },
    clientAnchors: readAnchors(facts.clientCa.ca),
    anchors: readAnchors(facts.ca?.ca),
  };
}
