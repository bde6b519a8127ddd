/** What the record stream of one connection showed, as a value: the decoder's output, before anything is concluded. */

export type WireDirection = 'sent' | 'received';

/** All of it is bounded: see `wireLimits` beside the reader. Numbers are the wire's own; names come from `names.ts`. */
export interface Wire {
  readonly octetsSent: number;
  readonly octetsReceived: number;
  /** The first octets the peer sent, at most 256: what tells a peer that speaks no TLS. */
  readonly firstOctetsReceived: Uint8Array;
  /** Handshake messages, alerts and ChangeCipherSpec of both directions in the order of arrival. */
  readonly messages: readonly WireMessage[];
  /** How many more there were than `messages` holds. */
  readonly messagesDropped: number;
  readonly alerts: readonly WireAlert[];
  readonly alertsDropped: number;
  readonly clientHello?: ClientHello;
  readonly helloRetryRequest?: ServerHello;
  readonly serverHello?: ServerHello;
  /** From EncryptedExtensions (TLS 1.3) or ServerHello. */
  readonly alpn?: string;
  /** Extension numbers of EncryptedExtensions. */
  readonly encryptedExtensions?: readonly number[];
  /** The first one; absent means that none was seen. */
  readonly certificateRequest?: CertificateRequest;
  /** A TLS 1.3 CertificateRequest after the handshake. */
  readonly certificateRequestedAfterHandshake: boolean;
  /** DER, in the order sent; absent when no Certificate message came, empty when an empty one did. */
  readonly serverCertificates?: readonly Uint8Array[];
  /** Ours; empty when we sent an empty Certificate message. */
  readonly clientCertificates?: readonly Uint8Array[];
  /** Stapled OCSPResponse, DER. */
  readonly ocspResponse?: Uint8Array;
  readonly signedCertificateTimestamps?: number;
  /** The named group of ServerKeyExchange (TLS 1.2); for TLS 1.3 see serverHello.keyShareGroup. */
  readonly keyExchangeGroup?: number;
  readonly finishedSent: boolean;
  readonly finishedReceived: boolean;
  /** NewSessionTicket messages that stood on the wire after the client's Finished. */
  readonly ticketsReceived: number;
  readonly keyUpdatesReceived: number;
  readonly applicationDataSent: boolean;
  /** After the client's Finished: a server of TLS 1.3 may speak before it has seen who we are. */
  readonly applicationDataReceived: boolean;
  /** The first thing that did not read as TLS, and in which direction. */
  readonly fault?: WireFault;
}

export interface WireMessage {
  readonly direction: WireDirection;
  /** `client_hello`, `change_cipher_spec`, `alert` …; `unknown` for a handshake type without a name. */
  readonly name: string;
  /** Handshake type, alert description, or the content type for other records. */
  readonly code: number;
  /** Of the message with its header, not of the record. */
  readonly sizeBytes: number;
  readonly encrypted: boolean;
  readonly atMs: number;
}

export interface WireAlert {
  readonly direction: WireDirection;
  readonly level: number;
  readonly code: number;
  readonly encrypted: boolean;
  /** Whether the client's Finished stood on the wire before it. */
  readonly afterFinished: boolean;
  readonly atMs: number;
}

export interface WireFault {
  readonly direction: WireDirection;
  /** `not-tls`: the first octets are no TLS record; `framing`: a later record is none; `decrypt`: a record did not
   *  decrypt; `too-large`: a message claims more than the limit; `message`: a message does not parse. */
  readonly kind: 'not-tls' | 'framing' | 'decrypt' | 'too-large' | 'message';
  readonly atMs: number;
}

export interface ClientHello {
  readonly legacyVersion: number;
  /** With record and handshake headers left out. */
  readonly sizeBytes: number;
  readonly supportedVersions: readonly number[];
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly keyShares: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly pointFormats: readonly number[];
  /** In the order sent. */
  readonly extensions: readonly number[];
  readonly serverName?: string;
  readonly alpn: readonly string[];
}

export interface ServerHello {
  /** What was negotiated: supported_versions when present, else the legacy field. */
  readonly version: number;
  readonly legacyVersion: number;
  readonly cipherSuite: number;
  readonly extensions: readonly number[];
  readonly keyShareGroup?: number;
}

export interface CertificateRequest {
  /** DER of each distinguished name, in the order named. */
  readonly authorities: readonly Uint8Array[];
  readonly signatureAlgorithms: readonly number[];
}
