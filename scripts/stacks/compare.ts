/** Holds the evidence of one look against what tshark decoded from the same connection. */
import { createHash } from 'node:crypto';
import type { AlertSeen, Evidence, MessageSeen, TlsSeen } from '../../src/evidence/evidence.ts';
import type { Decoded, DecodedMessage } from '../../test/corpus/decoded.ts';

export interface Comparison {
  /** Each in words; empty when the evidence is exact. */
  readonly differences: readonly string[];
  /** Alerts on the wire while we looked, and how many of them the evidence has. */
  readonly alerts: { readonly exact: number; readonly all: number };
  /** Connections on which a server certificate came, and whether its fingerprint is right. */
  readonly leaves: { readonly exact: number; readonly all: number };
}

const directions = ['sent', 'received'] as const;

export function compare(evidence: Evidence, decoded: Decoded): Comparison {
  const { tls } = evidence;
  const alerts = directions.map((direction) =>
    compareAlerts(
      evidence.alerts.filter((alert) => alert.direction === direction),
      decoded[direction].filter(({ name }) => name === 'alert'),
      direction,
    ),
  );
  const leaf = decoded.serverCertificates?.[0];
  const isLeafExact = leaf !== undefined && tls?.serverCertificates?.[0]?.sha256 === sha256(leaf);
  return {
    differences: [
      ...alerts.flatMap(({ differences }) => differences),
      ...directions.flatMap((direction) => compareMessages(tls, decoded, direction)),
      ...compareFacts(factsOf(tls), factsIn(decoded)),
      ...compareEnding(evidence, decoded),
    ],
    alerts: {
      exact: alerts.reduce((sum, { exact }) => sum + exact, 0),
      all: alerts.reduce((sum, { all }) => sum + all, 0),
    },
    leaves: { exact: isLeafExact ? 1 : 0, all: leaf === undefined ? 0 : 1 },
  };
}

interface AlertComparison {
  readonly differences: readonly string[];
  readonly exact: number;
  readonly all: number;
}

/** In order; what stands on the wire after the last one that we know of may only be an orderly close. */
function compareAlerts(
  seen: readonly AlertSeen[],
  decoded: readonly DecodedMessage[],
  direction: string,
): AlertComparison {
  const later = decoded.slice(seen.length);
  const counted = decoded.slice(0, decoded.length - later.filter(isOrderly).length);
  const differing = counted.filter((alert, index) => !isSameAlert(seen[index], alert));
  const invented = seen.slice(decoded.length);
  return {
    exact: counted.length - differing.length,
    all: counted.length,
    differences: [
      ...differing.map((alert) => `${direction} alert ${alert.level}/${alert.code} not seen so`),
      ...invented.map((alert) => `${direction} alert ${alert.code} is not on the wire`),
    ],
  };
}

/** A close_notify that came when we were done looking. */
const isOrderly = ({ name, code }: DecodedMessage): boolean => name === 'alert' && code === 0;

const levels: Readonly<Record<number, AlertSeen['level']>> = { 1: 'warning', 2: 'fatal' };

const isSameAlert = (seen: AlertSeen | undefined, alert: DecodedMessage): boolean =>
  seen?.code === alert.code &&
  seen.level === (levels[alert.level ?? 0] ?? 'unknown') &&
  seen.encrypted === alert.encrypted;

function compareMessages(
  tls: TlsSeen | undefined,
  decoded: Decoded,
  direction: (typeof directions)[number],
): readonly string[] {
  const seen = tls?.transcript.filter((message) => message.direction === direction) ?? [];
  const onWire = decoded[direction];
  const later = onWire.slice(seen.length).filter((message) => !isOrderly(message));
  const differing = seen.filter((message, index) => !isSameMessage(message, onWire[index]));
  return [
    ...later.map(({ name }) => `${direction} ${name} not seen`),
    ...differing.map(({ name }) => `${direction} ${name} is not so on the wire`),
  ];
}

const isSameMessage = (seen: MessageSeen, message: DecodedMessage | undefined): boolean =>
  seen.name === message?.name &&
  seen.sizeBytes === message.sizeBytes &&
  seen.encrypted === message.encrypted;

type Facts = Readonly<Record<string, unknown>>;

function factsOf(tls: TlsSeen | undefined): Facts {
  return {
    version: tls?.version,
    cipherSuite: tls?.cipherSuite,
    alpn: tls?.alpn,
    serverCertificates: tls?.serverCertificates?.map(({ sha256: fingerprint }) => fingerprint),
    certificateRequested: tls?.clientCertificateRequested === true,
    authorities: tls?.certificateAuthorities?.length,
    authoritiesSha256: tls?.certificateAuthoritiesSha256,
    clientCertificateSent: tls?.clientCertificateSent === true,
    finishedSent: tls?.progress.finishedSent,
    finishedReceived: tls?.progress.finishedReceived,
    applicationDataReceived: tls?.progress.applicationDataReceived,
  };
}

function factsIn(decoded: Decoded): Facts {
  const { serverHello, certificateRequest } = decoded;
  const authorities = certificateRequest?.authorities;
  return {
    version: serverHello && versionName(serverHello.version),
    cipherSuite: serverHello?.cipherSuiteName,
    alpn: decoded.alpn,
    serverCertificates: decoded.serverCertificates?.map(sha256),
    certificateRequested: certificateRequest !== undefined,
    authorities: authorities?.length,
    authoritiesSha256: authorities && sha256(authorities.join('')),
    clientCertificateSent: (decoded.clientCertificates?.length ?? 0) > 0,
    finishedSent: decoded.sent.some(({ name }) => name === 'finished'),
    finishedReceived: decoded.received.some(({ name }) => name === 'finished'),
    applicationDataReceived: decoded.applicationDataReceived,
  };
}

function compareFacts(seen: Facts, decoded: Facts): readonly string[] {
  return Object.keys(decoded)
    .filter((name) => JSON.stringify(seen[name]) !== JSON.stringify(decoded[name]))
    .map(
      (name) => `${name} is ${JSON.stringify(seen[name])}, not ${JSON.stringify(decoded[name])}`,
    );
}

/** Where no answer ended the look, the first to close is the one that the capture shows. */
function compareEnding({ tls, http }: Evidence, { closes }: Decoded): readonly string[] {
  const ended = tls?.ended;
  if (http || !ended) return [];
  const { by, how } = ended.transport ?? ended;
  const close = how === 'reset' ? 'reset' : 'fin';
  const claimed = `${by === 'peer' ? 'received' : 'sent'} ${close}`;
  return closes[0] === claimed ? [] : [`ended by ${claimed}, not ${closes[0]}`];
}

const versionName = (version: number): string => `1.${version - 0x0301}`;

const sha256 = (hex: string): string =>
  createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');
