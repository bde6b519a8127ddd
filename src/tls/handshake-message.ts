/** What each handshake message adds to the facts, and to the state that keys are chosen by. */
import type { Half } from './half.ts';
import type { HandshakeMessage } from './handshake-reader.ts';
import { readCertificate } from './messages/certificate.ts';
import { readCertificateRequest } from './messages/certificate-request.ts';
import { readCertificateStatus } from './messages/certificate-status.ts';
import { readClientHello } from './messages/client-hello.ts';
import { unpackCertificate } from './messages/compressed-certificate.ts';
import { readEncryptedExtensions } from './messages/encrypted-extensions.ts';
import { isRetryRequest, readServerHello, type ServerHelloRead } from './messages/server-hello.ts';
import { readKeyExchangeGroup } from './messages/server-key-exchange.ts';
import { handshakeType, handshakeTypeName } from './names/handshake-types.ts';
import { tls13 } from './names/versions.ts';
import type { Moment, WireFacts } from './wire-facts.ts';

/** What hello messages settled so far. */
export interface ConnectionState {
  clientRandom?: Uint8Array;
  /** HelloRetryRequest or ServerHello said so. */
  negotiated?: Negotiated;
}

export interface Negotiated {
  readonly version: number;
  readonly cipherSuite: number;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  readonly encryptThenMac: boolean;
  /** Only a HelloRetryRequest came yet. */
  readonly isRetry: boolean;
}

export interface MessageContext {
  readonly facts: WireFacts;
  readonly state: ConnectionState;
  readonly half: Half;
  readonly moment: Moment;
  readonly encrypted: boolean;
}

/** False: the body does not parse. */
type Reader = (body: Uint8Array, context: MessageContext) => boolean;

export function readHandshakeMessage(message: HandshakeMessage, context: MessageContext): void {
  const { type, body, sizeBytes } = message;
  const { facts, moment, encrypted } = context;
  const name = body && isRetry(type, body) ? 'hello_retry_request' : handshakeTypeName(type);
  facts.message(moment, { name, code: type, sizeBytes, encrypted });
  if (body === undefined) {
    facts.fault(moment, 'too-large');
  } else if (isOutOfPlace(context)) {
    facts.fault(moment, 'framing');
  } else if (readerOf(type, context)?.(body, context) === false) {
    facts.fault(moment, 'message');
  }
}

const isRetry = (type: number, body: Uint8Array): boolean =>
  type === handshakeType.serverHello && isRetryRequest(body);

/** No handshake message in clear follows a ServerHello of TLS 1.3. */
const isOutOfPlace = ({ state, encrypted }: MessageContext): boolean =>
  !encrypted && state.negotiated?.version === tls13 && !state.negotiated.isRetry;

function readerOf(type: number, { half }: MessageContext): Reader | undefined {
  return half.direction === 'sent' ? sent[type] : received[type];
}

const readHelloOfClient: Reader = (body, { facts, state }) => {
  const read = readClientHello(body);
  facts.first('clientHello', read?.hello);
  if (read) state.clientRandom = read.random;
  return read !== undefined;
};

const readHelloOfServer: Reader = (body, { facts, state }) => {
  const read = readServerHello(body);
  if (read === undefined || !isSettledBy(read, state.negotiated)) return false;
  facts.first(read.isRetry ? 'helloRetryRequest' : 'serverHello', read.hello);
  facts.first('alpn', read.alpn);
  facts.first('signedCertificateTimestamps', read.signedCertificateTimestamps);
  const { version, cipherSuite } = read.hello;
  state.negotiated = {
    version,
    cipherSuite,
    clientRandom: state.clientRandom ?? new Uint8Array(32),
    serverRandom: read.random,
    encryptThenMac: read.encryptThenMac,
    isRetry: read.isRetry,
  };
  return true;
};

/** A second hello follows a HelloRetryRequest, or renegotiates an older version, which can not change then. */
const isSettledBy = (read: ServerHelloRead, before: Negotiated | undefined): boolean =>
  before === undefined ||
  (read.hello.version === before.version && (before.isRetry || before.version !== tls13));

const readExtensionsOfServer: Reader = (body, { facts }) => {
  const read = readEncryptedExtensions(body);
  facts.first('encryptedExtensions', read?.extensions);
  facts.first('alpn', read?.alpn);
  return read !== undefined;
};

const readRequest: Reader = (body, { facts, state, half }) => {
  const version = state.negotiated?.version ?? tls13;
  const request = readCertificateRequest(body, version);
  facts.first('certificateRequest', request);
  if (version === tls13 && half.stage === 'application') facts.certificateRequestAfterHandshake();
  return request !== undefined;
};

const readCertificates: Reader = (body, { facts, state, half }) => {
  const read = readCertificate(body, state.negotiated?.version === tls13);
  if (half.direction === 'sent') {
    facts.first('clientCertificates', read?.certificates);
  } else {
    facts.first('serverCertificates', read?.certificates);
    facts.first('ocspResponse', read?.ocspResponse);
    facts.first('signedCertificateTimestamps', read?.signedCertificateTimestamps);
  }
  return read !== undefined;
};

const readPackedCertificates: Reader = (body, context) => {
  const { half } = context;
  if (half.unpacked) return true;
  half.unpacked = true;
  const unpacked = unpackCertificate(body);
  return unpacked !== undefined && readCertificates(unpacked, context);
};

const readStapledStatus: Reader = (body, { facts }) => {
  const response = readCertificateStatus(body);
  facts.first('ocspResponse', response);
  return response !== undefined;
};

const readKeyExchange: Reader = (body, { facts, state }) => {
  facts.first('keyExchangeGroup', readKeyExchangeGroup(body, state.negotiated?.cipherSuite ?? 0));
  return true;
};

const countTicket: Reader = (_body, { facts, moment }) => {
  facts.ticket(moment);
  return true;
};

const countKeyUpdate: Reader = (body, { facts }) => {
  facts.keyUpdate();
  return body.length === 1;
};

const sent: Readonly<Record<number, Reader>> = {
  [handshakeType.clientHello]: readHelloOfClient,
  [handshakeType.certificate]: readCertificates,
  [handshakeType.compressedCertificate]: readPackedCertificates,
};

const received: Readonly<Record<number, Reader>> = {
  [handshakeType.serverHello]: readHelloOfServer,
  [handshakeType.newSessionTicket]: countTicket,
  [handshakeType.encryptedExtensions]: readExtensionsOfServer,
  [handshakeType.certificate]: readCertificates,
  [handshakeType.serverKeyExchange]: readKeyExchange,
  [handshakeType.certificateRequest]: readRequest,
  [handshakeType.certificateStatus]: readStapledStatus,
  [handshakeType.keyUpdate]: countKeyUpdate,
  [handshakeType.compressedCertificate]: readPackedCertificates,
};
