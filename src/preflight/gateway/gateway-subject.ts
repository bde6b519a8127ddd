/** A gateway's secret as the checks take it. */

import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type { CredentialSeen } from '../../evidence/evidence.ts';
import type { Certificate } from '../../x509/certificate.ts';
import type { PathVerdict } from '../../x509/judge-path.ts';
import { buildPath, type CertificationPath } from '../../x509/path.ts';
import { findPemFault, type PemFault } from '../../x509/strict-pem.ts';
import {
  type Anchors,
  type AnchorsRead,
  judgeFile,
  type Leaf,
  readAll,
  toAnchors,
} from '../client/client-subject.ts';

export interface GatewayFacts {
  /** RFC 3339, UTC. */
  readonly now: string;
  readonly credential: CredentialSeen;
  /** DER of every certificate in the file, in its order. */
  readonly chain: readonly Uint8Array[];
  readonly leafSha256?: string;
  /** The file of the certificate as it stands, where that is PEM. */
  readonly octets?: Uint8Array;
  readonly clientCa: AnchorsRead;
  /** By which delegates trust the server; absent when none are given. */
  readonly ca?: AnchorsRead;
  readonly serverName?: string;
  /** OpenSSL's code when the listener could not be made of it. */
  readonly listenError?: string;
}

export interface GatewaySubject extends Omit<GatewayFacts, 'chain' | 'octets' | 'clientCa' | 'ca'> {
  readonly certificates: readonly Certificate[];
  readonly leaf?: Leaf;
  readonly path: CertificationPath;
  /** OpenSSL's, as a delegate with these anchors comes to it; absent without a leaf. */
  readonly verdict?: PathVerdict;
  /** Where OpenSSL gives the file of the certificate up. */
  readonly pemFault?: PemFault;
  readonly clientCa: Anchors;
  readonly ca?: Anchors;
}

export function toGatewaySubject(given: GatewayFacts): GatewaySubject {
  const { chain, octets, clientCa, ca: trusted, ...facts } = given;
  const pemFault = octets && findPemFault(octets);
  const ca = trusted && toAnchors(trusted);
  const certificates = readAll(chain);
  const isWhole = facts.credential.certificateFile?.content === undefined;
  const certificate = certificates.find(({ sha256 }) => isWhole && sha256 === facts.leafSha256);
  return {
    ...facts,
    certificates,
    ...(certificate && { leaf: { certificate, seen: seeCertificate(certificate.der) } }),
    path: certificate ? buildPath(certificates, certificate) : { path: [], strays: certificates },
    ...(certificate && {
      verdict: judgeFile({
        leaf: certificate,
        certificates,
        ...(ca && { anchors: ca.certificates }),
        purpose: 'server',
        now: facts.now,
      }),
    }),
    ...(pemFault && { pemFault }),
    clientCa: toAnchors(clientCa),
    ...(ca && { ca }),
  };
}
