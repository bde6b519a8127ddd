/** From what stood on the wire to evidence: numbers get their names, DER becomes fingerprints and readable names. */
import { createHash } from 'node:crypto';
import { sanitise } from '../base/sanitise.ts';
import { alertLevelName, alertName } from '../tls/alert.ts';
import { ja3, ja3s, ja4 } from '../tls/fingerprint.ts';
import { cipherSuiteName } from '../tls/names/cipher-suites.ts';
import { extensionName } from '../tls/names/extensions.ts';
import { groupName } from '../tls/names/groups.ts';
import { signatureSchemeName } from '../tls/names/signature-schemes.ts';
import { versionName } from '../tls/names/versions.ts';
import type { ClientHello, Wire, WireFault, WireMessage } from '../tls/wire.ts';
import { sha256Hex } from '../x509/certificate.ts';
import { readName } from '../x509/name.ts';
import { seeCertificate } from './certificate-seen.ts';
import type {
  AlertSeen,
  CertificateSeen,
  ClientHelloSeen,
  Ending,
  FaultSeen,
  HandshakeProgress,
  MessageSeen,
  TlsSeen,
} from './evidence.ts';
import { seeForeignOctets } from './foreign-octets.ts';
import { seeOcsp } from './ocsp-seen.ts';

/** What the socket knew besides the wire. */
export interface Verdict {
  /** Whether the server's chain and name hold; absent when that was not reached. */
  readonly serverAuthorized?: boolean;
  readonly serverAuthorizationError?: string;
  readonly ended?: Omit<Ending, 'after'>;
  /** When the last octets went each way. */
  readonly lastSentAtMs?: number;
  readonly lastReceivedAtMs?: number;
}

/** Names in a request beyond these are counted in the fingerprint and not shown. */
const maxAuthorities = 64;

/** `see` reads a certificate of the server: `seeCertificate`, or one that remembers. */
export function seeTls(
  wire: Wire,
  verdict: Verdict,
  see: (der: Uint8Array) => CertificateSeen = seeCertificate,
): TlsSeen {
  const { ended, lastSentAtMs, lastReceivedAtMs, ...authorisation } = verdict;
  return {
    ...seeNegotiated(wire),
    ...seeCertificates(wire, see),
    ...authorisation,
    ...seeServerAnswer(wire),
    ...(wire.clientHello && { clientHello: seeClientHello(wire.clientHello) }),
    progress: {
      ...seeProgress(wire),
      ...(lastSentAtMs !== undefined && { lastSentAtMs: roundMs(lastSentAtMs) }),
      ...(lastReceivedAtMs !== undefined && { lastReceivedAtMs: roundMs(lastReceivedAtMs) }),
    },
    ...(ended && { ended: seeEnding(wire, ended) }),
    ...(wire.fault?.kind === 'not-tls' && { notTls: seeForeignOctets(wire.firstOctetsReceived) }),
    transcript: wire.messages.map(seeMessage),
    ...(wire.messagesDropped > 0 && { transcriptDropped: wire.messagesDropped }),
  };
}

export function seeAlerts(wire: Wire): readonly AlertSeen[] {
  return wire.alerts.map(({ direction, level, code, encrypted, afterFinished, atMs }) => ({
    direction,
    level: alertLevelName(level),
    description: alertName(code),
    code,
    encrypted,
    afterFinished,
    atMs: roundMs(atMs),
  }));
}

/** Microseconds are as fine as a probe can honestly say. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function seeNegotiated({ serverHello, keyExchangeGroup, alpn }: Wire): Partial<TlsSeen> {
  const group = serverHello?.keyShareGroup ?? keyExchangeGroup;
  return {
    ...(serverHello && {
      version: versionName(serverHello.version),
      cipherSuite: cipherSuiteName(serverHello.cipherSuite),
    }),
    ...(group !== undefined && { group: groupName(group) }),
    ...(alpn !== undefined && { alpn: sanitise(alpn) }),
  };
}

function seeCertificates(wire: Wire, see: (der: Uint8Array) => CertificateSeen): Partial<TlsSeen> {
  const { certificateRequest, clientCertificates, serverCertificates } = wire;
  // Not having been asked is observed only once the server's flight, which would have asked, is over.
  const flightIsOver = wire.finishedSent || wire.finishedReceived;
  const [presented] = clientCertificates ?? [];
  return {
    ...(certificateRequest && seeRequest(certificateRequest.authorities)),
    ...(!certificateRequest && flightIsOver && { clientCertificateRequested: false }),
    ...(clientCertificates && { clientCertificateSent: clientCertificates.length > 0 }),
    ...(!clientCertificates && wire.finishedSent && { clientCertificateSent: false }),
    ...(presented && { clientCertificateSha256: sha256Hex(presented) }),
    ...(serverCertificates && { serverCertificates: serverCertificates.map((der) => see(der)) }),
  };
}

function seeRequest(authorities: readonly Uint8Array[]): Partial<TlsSeen> {
  const hash = createHash('sha256');
  for (const name of authorities) hash.update(name);
  return {
    clientCertificateRequested: true,
    certificateAuthorities: authorities
      .slice(0, maxAuthorities)
      .map((name) => readName(name) ?? `#${Buffer.from(name.subarray(0, 32)).toString('hex')}`),
    certificateAuthoritiesSha256: hash.digest('hex'),
  };
}

/** What the server said besides the choice and its certificates. */
function seeServerAnswer(wire: Wire): Partial<TlsSeen> {
  const { serverHello, encryptedExtensions = [], certificateRequest, ocspResponse } = wire;
  const { signedCertificateTimestamps } = wire;
  const ocsp = ocspResponse && seeOcsp(ocspResponse);
  return {
    ...(certificateRequest && {
      signatureAlgorithmsRequested: certificateRequest.signatureAlgorithms.map(signatureSchemeName),
    }),
    ...(wire.helloRetryRequest && { helloRetryRequested: true }),
    ...(serverHello && {
      serverExtensions: [...serverHello.extensions, ...encryptedExtensions].map(extensionName),
      ja3s: ja3s(serverHello).md5,
    }),
    ...(ocsp && { ocsp }),
    ...(signedCertificateTimestamps !== undefined && { signedCertificateTimestamps }),
  };
}

function seeFault({ direction, kind }: WireFault): FaultSeen {
  return { direction, kind };
}

function seeProgress(wire: Wire): HandshakeProgress {
  return {
    octetsSent: wire.octetsSent,
    octetsReceived: wire.octetsReceived,
    clientHelloSent: wire.clientHello !== undefined,
    serverHelloReceived: wire.serverHello !== undefined,
    finishedSent: wire.finishedSent,
    finishedReceived: wire.finishedReceived,
    ticketsReceived: wire.ticketsReceived,
    applicationDataReceived: wire.applicationDataReceived,
    ...(wire.certificateRequestedAfterHandshake && { certificateRequestedAfterHandshake: true }),
    ...(wire.fault && { malformed: true, fault: seeFault(wire.fault) }),
  };
}

function seeClientHello(hello: ClientHello): ClientHelloSeen {
  return {
    sizeBytes: hello.sizeBytes,
    versions: hello.supportedVersions.map(versionName),
    cipherSuites: hello.cipherSuites.map(cipherSuiteName),
    groups: hello.groups.map(groupName),
    keyShares: hello.keyShares.map(groupName),
    signatureAlgorithms: hello.signatureAlgorithms.map(signatureSchemeName),
    ...(hello.serverName !== undefined && { serverName: sanitise(hello.serverName) }),
    ...(hello.alpn.length > 0 && { alpn: hello.alpn.map((name) => sanitise(name)) }),
    extensions: hello.extensions.map(extensionName),
    ja3: ja3(hello).md5,
    ja4: ja4(hello),
  };
}

function seeEnding(wire: Wire, ended: Omit<Ending, 'after'>): Ending {
  const last = wire.messages.findLast(({ atMs }) => atMs <= ended.atMs);
  const { transport } = ended;
  return {
    ...ended,
    atMs: roundMs(ended.atMs),
    ...(last && {
      after: { direction: last.direction, name: last.name, atMs: roundMs(last.atMs) },
    }),
    ...(transport && { transport: { ...transport, atMs: roundMs(transport.atMs) } }),
  };
}

function seeMessage({
  direction,
  name,
  code,
  sizeBytes,
  encrypted,
  atMs,
}: WireMessage): MessageSeen {
  return {
    direction,
    name,
    ...(name === 'unknown' && { code }),
    sizeBytes,
    encrypted,
    atMs: roundMs(atMs),
  };
}
