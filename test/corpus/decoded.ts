/** One connection as tshark decodes it from a capture and a key log: what our own decoding is held against. */

/** A handshake message, an alert or a ChangeCipherSpec. */
export interface DecodedMessage {
  /** In the standard's spelling, made from tshark's text: `client_hello`, `alert` … */
  readonly name: string;
  /** Handshake type, alert description, or 20 for ChangeCipherSpec. */
  readonly code: number;
  /** Of an alert. */
  readonly level?: number;
  /** With the header of a handshake message, without that of the record. */
  readonly sizeBytes: number;
  /** Whether it was protected on the wire. */
  readonly encrypted: boolean;
}

export interface DecodedClientHello {
  readonly legacyVersion: number;
  readonly sizeBytes: number;
  readonly supportedVersions: readonly number[];
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly keyShares: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly pointFormats: readonly number[];
  readonly extensions: readonly number[];
  readonly serverName?: string;
  readonly alpn: readonly string[];
  /** JA3, the MD5 of it. */
  readonly ja3?: string;
}

export interface DecodedServerHello {
  readonly version: number;
  readonly legacyVersion: number;
  readonly cipherSuite: number;
  /** As tshark spells it: `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuiteName: string;
  readonly extensions: readonly number[];
  readonly keyShareGroup?: number;
  /** JA3S, the MD5 of it. */
  readonly ja3s?: string;
}

export interface Decoded {
  readonly clientPort: number;
  readonly serverPort: number;
  /** Of each direction, in the order on the wire. */
  readonly sent: readonly DecodedMessage[];
  readonly received: readonly DecodedMessage[];
  /** The first of its kind. */
  readonly clientHello?: DecodedClientHello;
  readonly helloRetryRequest?: DecodedServerHello;
  readonly serverHello?: DecodedServerHello;
  readonly alpn?: string;
  readonly encryptedExtensions?: readonly number[];
  readonly keyExchangeGroup?: number;
  /** DER in hex. */
  readonly certificateRequest?: {
    readonly authorities: readonly string[];
    readonly signatureAlgorithms: readonly number[];
  };
  /** DER in hex, in the order sent; absent when there was no Certificate message. */
  readonly serverCertificates?: readonly string[];
  readonly clientCertificates?: readonly string[];
  readonly applicationDataSent: boolean;
  readonly applicationDataReceived: boolean;
  /** Which sides closed, and how, in that order: `sent fin`, `received reset`. */
  readonly closes: readonly string[];
}
