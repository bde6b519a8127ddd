/**
 * What was seen in one look at one target, as plain data. No conclusion stands here.
 *
 * Every value survives `JSON.stringify` unchanged, because a stored report must be diagnosable again.
 * Absent means "not observed"; false means "observed to be false". Times are RFC 3339 in UTC; `…Ms` is
 * milliseconds; `atMs` counts from the start of the attempt. Peer strings are already sanitised.
 */

export interface Evidence {
  /** When the attempt began, by this machine's clock. */
  readonly time: string;
  readonly target: TargetSeen;
  /** Always all six, in the order dns, tcp, proxy, tls, http, websocket. */
  readonly steps: readonly Step[];
  /** Both directions, in the order in which they stood on the wire. */
  readonly alerts: readonly AlertSeen[];
  readonly tls?: TlsSeen;
  /** Our side: what was configured, and what was found there. */
  readonly credential: CredentialSeen;
  /** The leaf that we would present; absent when none is configured or none could be read. */
  readonly clientCertificate?: ClientCertificateSeen;
  /** The Java delegate beside us; absent where nothing speaks of one. */
  readonly delegate?: DelegateSeen;
  readonly proxy?: ProxySeen;
  readonly http?: HttpSeen;
  readonly websocket?: WebSocketSeen;
  /** Extra attempts with one thing changed each; absent when none were made. */
  readonly experiments?: readonly ExperimentSeen[];
  /** For how long this process did not run meanwhile: suspended, starved of CPU, or busy; absent below half a second. */
  readonly stalledMs?: number;
  /** How connections to this target that stood for a while ended, the last ones; absent when none was kept open. */
  readonly drops?: readonly DropSeen[];
}

/** See the README: accepted needs the gateway's consent to our identity; rejected is its refusal; failed never got that far. */
export type Outcome = 'accepted' | 'rejected' | 'unconfirmed' | 'failed';

/** Where an attempt stopped. */
export type Layer = 'local' | StepName;

export interface TargetSeen {
  /** Without userinfo, query and fragment. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** As sent in the server_name extension; absent when none is sent (an address has no server name). */
  readonly serverName?: string;
  /** The address dialled in place of a resolved one (`--address`). */
  readonly address?: string;
  /** The proxy's origin, without userinfo. */
  readonly proxy?: string;
}

export const stepNames = ['dns', 'tcp', 'proxy', 'tls', 'http', 'websocket'] as const;
export type StepName = (typeof stepNames)[number];

export interface Step {
  readonly name: StepName;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Absent when skipped. */
  readonly durationMs?: number;
  /** Why it was skipped. */
  readonly reason?: SkipReason;
  readonly error?: StepError;
  /** dns and tcp: the host that was resolved or dialled, which is the proxy's when one is used. */
  readonly host?: string;
  readonly port?: number;
  /** dns: every address in the order they will be tried. */
  readonly addresses?: readonly string[];
  /** tcp: the address connected to, and every failed dial before it (or all, when none succeeded). */
  readonly address?: string;
  readonly failedAddresses?: readonly { readonly address: string; readonly code: string }[];
}

export type SkipReason =
  | 'address-given' // dns: --address or an address in the URL
  | 'no-proxy' // proxy: none is used
  | 'not-wanted' // http for wss://, websocket without --websocket
  | 'earlier-step-failed'
  | 'server-not-trusted' // http, websocket: nothing is sent to a server that we do not trust
  | 'protocol-not-spoken' // http: ALPN chose a protocol that this step does not speak
  | 'local-fault'; // every step: our own credential cannot be used

export interface StepError {
  /** errno (`ECONNREFUSED`), resolver code (`ENOTFOUND`), Node or OpenSSL code, or ours (`TIMEOUT`, `LIMIT`, `CLOSED`). */
  readonly code: string;
  /** The system call, where the system named one. */
  readonly syscall?: string;
}

export type Direction = 'sent' | 'received';

export interface AlertSeen {
  readonly direction: Direction;
  /** As on the wire; `unknown` for a level octet that is neither 1 nor 2. */
  readonly level: 'warning' | 'fatal' | 'unknown';
  /** The standard's name (RFC 9846 section 6); `unknown` when the number has none. */
  readonly description: string;
  /** The number on the wire; survives even when it has no name. */
  readonly code: number;
  readonly encrypted: boolean;
  /** Whether our Finished stood on the wire before it. */
  readonly afterFinished: boolean;
  readonly atMs: number;
}

export interface TlsSeen {
  /** Chosen by the server: `1.0` to `1.3`, or the number in hex when it is none of them. */
  readonly version?: string;
  readonly cipherSuite?: string;
  readonly group?: string;
  readonly alpn?: string;
  readonly clientCertificateRequested?: boolean;
  /** False when our Certificate message was empty. */
  readonly clientCertificateSent?: boolean;
  /** SHA-256, lower hex, of the leaf in our Certificate message; absent when that was empty or did not decrypt. */
  readonly clientCertificateSha256?: string;
  /** Distinguished names in RFC 4514 form, in the order named. Empty when the request named none. */
  readonly certificateAuthorities?: readonly string[];
  /** SHA-256, lower hex, of the concatenated DER of the names, in the order named. */
  readonly certificateAuthoritiesSha256?: string;
  /** In the order sent, duplicates and strays included. */
  readonly serverCertificates?: readonly CertificateSeen[];
  /** Our verdict over chain and name. Absent when no certificate came. */
  readonly serverAuthorized?: boolean;
  /** OpenSSL's verification code, or ERR_TLS_CERT_ALTNAME_INVALID. */
  readonly serverAuthorizationError?: string;
  /** Signature algorithms that the CertificateRequest takes. */
  readonly signatureAlgorithmsRequested?: readonly string[];
  /** The server first asked for another key share (TLS 1.3 HelloRetryRequest). */
  readonly helloRetryRequested?: boolean;
  /** In the order sent, ServerHello's first and then EncryptedExtensions'. */
  readonly serverExtensions?: readonly string[];
  /** JA3S of the ServerHello: MD5, lower hex. */
  readonly ja3s?: string;
  /** The stapled OCSP response. */
  readonly ocsp?: OcspSeen;
  /** How many SCTs came in the handshake; those inside certificates are not counted. */
  readonly signedCertificateTimestamps?: number;
  readonly clientHello?: ClientHelloSeen;
  /** Milestones of the handshake as they stood on the wire. */
  readonly progress: HandshakeProgress;
  /** How the connection ended, when it ended before we were done with it. */
  readonly ended?: Ending;
  /** What the first octets were, when they were no TLS. */
  readonly notTls?: NotTlsSeen;
  /** Handshake messages, alerts and ChangeCipherSpec of both directions; at most 64, then counted. */
  readonly transcript: readonly MessageSeen[];
  readonly transcriptDropped?: number;
}

export interface HandshakeProgress {
  readonly octetsSent: number;
  readonly octetsReceived: number;
  readonly clientHelloSent: boolean;
  readonly serverHelloReceived: boolean;
  /** Our last flight: Certificate (if any) up to Finished. */
  readonly finishedSent: boolean;
  readonly finishedReceived: boolean;
  /** NewSessionTicket messages after our Finished: TLS 1.3 servers send them once they are content with the handshake. */
  readonly ticketsReceived: number;
  /** Whether application data came after our Finished. */
  readonly applicationDataReceived: boolean;
  /** A CertificateRequest after the handshake (TLS 1.3 post-handshake authentication). */
  readonly certificateRequestedAfterHandshake?: boolean;
  /** A record that did not decrypt or broke the framing. */
  readonly malformed?: boolean;
  /** What kind of record that was, and who sent it. */
  readonly fault?: FaultSeen;
  /** When the last octets went each way. */
  readonly lastSentAtMs?: number;
  readonly lastReceivedAtMs?: number;
}

export interface FaultSeen {
  readonly direction: Direction;
  /** `not-tls`: the first octets are no record; `framing`: later ones are none; `decrypt`, `message`: it does not
   *  decrypt, or parse; `too-large`: it claims more than we take. */
  readonly kind: 'not-tls' | 'framing' | 'decrypt' | 'too-large' | 'message';
}

export interface Ending {
  readonly by: 'peer' | 'us';
  /** `close_notify`: in order; `fin`: without one; `reset`: RST; `timeout`: we gave up; `limit`: the peer sent more than we read. */
  readonly how: 'close_notify' | 'alert' | 'fin' | 'reset' | 'timeout' | 'limit';
  readonly atMs: number;
  /** The last message on the wire before it, of either direction. */
  readonly after?: LastMessage;
  /** How the connection below TLS ended, where that is known and something else had ended it before. */
  readonly transport?: TransportEnding;
}

export interface LastMessage {
  readonly direction: Direction;
  readonly name: string;
  readonly atMs: number;
}

export interface TransportEnding {
  readonly by: 'peer' | 'us';
  readonly how: 'fin' | 'reset' | 'limit';
  readonly atMs: number;
}

export interface OcspSeen {
  /** `successful`, or why there is no answer (RFC 6960 section 4.2.1). */
  readonly responseStatus: string;
  /** About the leaf, or the first certificate that it speaks of. */
  readonly certificateStatus?: 'good' | 'revoked' | 'unknown';
  readonly thisUpdate?: string;
  readonly nextUpdate?: string;
  readonly revokedAt?: string;
}

export interface NotTlsSeen {
  /** `http`, `ssh`, `smtp`, `ftp` …; `unknown` when no protocol was recognised. */
  readonly protocol: string;
  readonly excerptHex: string;
  readonly excerptText: string;
  /** For http: the status code. */
  readonly httpStatus?: number;
  /** For http: the Server header, where it came with the first octets. */
  readonly httpServer?: string;
}

export interface MessageSeen {
  readonly direction: Direction;
  /** The standard's spelling: `client_hello`, `change_cipher_spec`, `alert` … */
  readonly name: string;
  /** The wire's number of a handshake type that has no name here. */
  readonly code?: number;
  readonly sizeBytes: number;
  readonly encrypted: boolean;
  readonly atMs: number;
}

export interface ClientHelloSeen {
  readonly sizeBytes: number;
  readonly versions: readonly string[];
  readonly cipherSuites: readonly string[];
  readonly groups: readonly string[];
  readonly keyShares: readonly string[];
  readonly signatureAlgorithms: readonly string[];
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  /** In the order sent. */
  readonly extensions: readonly string[];
  /** MD5, lower hex. */
  readonly ja3: string;
  readonly ja4: string;
}

export interface CertificateSeen {
  /** Of the DER, lower hex. */
  readonly sha256: string;
  /** Of the SubjectPublicKeyInfo's DER, lower hex. Absent when the certificate does not parse. */
  readonly spkiSha256?: string;
  readonly subject?: string;
  readonly issuer?: string;
  /** Lower hex, without leading zero octets. */
  readonly serialNumber?: string;
  /** `DNS:…`, `IP:…`, `URI:…`, `email:…`; at most 64. */
  readonly subjectAltNames?: readonly string[];
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** `rsa`, `ec`, `ed25519` …, or the algorithm's object identifier. */
  readonly keyAlgorithm?: string;
  readonly keyBits?: number;
  readonly signatureAlgorithm?: string;
  /** basicConstraints cA; absent when the extension is. */
  readonly isCa?: boolean;
  /** Names of RFC 5280 section 4.2.1.3; absent when the extension is. */
  readonly keyUsage?: readonly string[];
  /** `clientAuth`, `serverAuth`, … or object identifiers; absent when the extension is. */
  readonly extendedKeyUsage?: readonly string[];
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: string;
  /** How many SCTs the certificate carries; absent when the extension is. */
  readonly signedCertificateTimestamps?: number;
  /** Subject equals issuer and its own key verifies the signature. */
  readonly selfSigned?: boolean;
}

export interface ClientCertificateSeen extends CertificateSeen {
  readonly path?: string;
}

/** What our own files hold, as far as it can be known without a network. */
export interface CredentialSeen {
  /** Absent: no client certificate is configured. */
  readonly certificateFile?: FileSeen;
  /** Where one was looked for then, in words: options, variables, files. */
  readonly lookedFor?: readonly string[];
  readonly keyFile?: FileSeen;
  readonly passphraseFile?: FileSeen;
  /** A file or a directory, whose anchors stand in place of the usual ones. */
  readonly caFile?: FileSeen;
  /** The anchors of the CA file by name and dates; of more than 8, those that end first; absent of more than 64, as in a
   *  system's bundle. */
  readonly caCertificates?: readonly CertificateSeen[];
  /** The delegate's own bundle, whose anchors come beside the usual ones; what is wrong with it forbids nothing. */
  readonly extraCaFile?: FileSeen;
  /** The chain as it stands in the file, leaf first or not. */
  readonly chain?: readonly CertificateSeen[];
  readonly key?: KeySeen;
  /** Whether the key belongs to the leaf; absent when either could not be read. */
  readonly keyMatchesCertificate?: boolean;
  /** OpenSSL's code when it refused to load what parses (`ERR_SSL_EE_KEY_TOO_SMALL`). */
  readonly loadError?: string;
}

export interface FileSeen {
  readonly path: string;
  /** errno of open or read: ENOENT, EACCES, EISDIR …; or TOO_LARGE. */
  readonly error?: string;
  /** Permission bits in octal (`0640`), owner and group of the opened descriptor. */
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** When its content last changed, by the file system. */
  readonly modifiedAt?: string;
  /** What is wrong with its content. */
  readonly content?: ContentFault;
  /** Why a PKCS#12 archive could not be opened. */
  readonly archive?: ArchiveFault;
  /** The mark that a PEM file begins with; we read past the first, and other programs read past neither. */
  readonly byteOrderMark?: 'utf-8' | 'utf-16';
  /** Lines of a PEM file end with CRLF; absent when none does. */
  readonly carriageReturns?: boolean;
  /** Lines of a PEM block end with CR alone, where OpenSSL finds no block; absent when none does. */
  readonly bareCarriageReturns?: boolean;
}

export type ContentFault =
  | 'empty'
  | 'no-pem-block' // nothing that looks like PEM
  | 'der' // DER where PEM is expected
  | 'pkcs12'
  | 'base64-of-pem' // a secret that was encoded twice
  | 'wrong-block' // PEM, but a key where a certificate is expected, or the reverse
  | 'unparsable'; // the right block, but what is in it does not decode

export type ArchiveFault =
  | 'passphrase-missing'
  | 'wrong-passphrase'
  | 'unsupported-encryption' // RC2 above all, for which OpenSSL 3 needs its legacy provider
  | 'damaged';

export interface KeySeen {
  readonly algorithm?: string;
  readonly bits?: number;
  /** The PEM label: `PRIVATE KEY`, `RSA PRIVATE KEY`, `ENCRYPTED PRIVATE KEY` … */
  readonly label: string;
  readonly encrypted: boolean;
  /** For an encrypted key: whether the passphrase opened it. Absent without a passphrase. */
  readonly passphraseOpensIt?: boolean;
  /** How many blocks of private keys stand in the file; absent when this one is alone. */
  readonly blocks?: number;
}

/** What decides how the Java delegate fares, as far as its environment and files say. */
export interface DelegateSeen {
  /** Absent when none was named and none found. */
  readonly trustStore?: TrustStoreSeen;
  /** Whether Java would trust the server's chain, by this store. Absent when either was not seen. */
  readonly trustsServer?: boolean;
  /** Why it would not. */
  readonly distrust?: DelegateDistrust;
  /** TRUST_ALL_CERTIFICATES is set: it trusts every server. */
  readonly trustsAll?: boolean;
  /** FIPS_ENABLED is set: it takes no SHA-1, no RSA below 2048 bits and no EC below 224. */
  readonly fips?: boolean;
  /** When its process began: it reads certificate and key once. */
  readonly startedAt?: string;
  /** Settings in which it differs from what this look used. */
  readonly differences?: readonly SettingDifference[];
}

export interface SettingDifference {
  /** By its name here: `cert`, `key`, `ca`, `proxy`, `url` … */
  readonly setting: string;
  /** Printable; secrets never stand here. Absent: not set. */
  readonly ours?: string;
  readonly delegates?: string;
}

export interface TrustStoreSeen {
  readonly file: FileSeen;
  readonly format?: TrustStoreFormat;
  /** How many certificates Java takes for anchors. */
  readonly anchors?: number;
  /** Why no anchors could be read. */
  readonly fault?: TrustStoreFault;
}

/** `bcfks`: of Bouncy Castle, for FIPS; `jceks`: of Java, for secret keys; `pem`: which Java does not read. */
export type TrustStoreFormat = 'jks' | 'pkcs12' | 'jceks' | 'bcfks' | 'pem' | 'unknown';

export type TrustStoreFault =
  | 'damaged'
  | 'wrong-password' // the one that Java was told; or the file was changed
  | 'password-missing' // encrypted, and Java was told no password: it sees an empty store
  | 'password-unknown' // encrypted, and the usual one does not open it
  | 'unreadable-format' // to us
  | 'unsupported-encryption'; // to us: RC2, from before 2021

export type DelegateDistrust =
  | 'no-path' // no anchor of the store issued anything that the server sent
  | 'store-unusable' // Java itself cannot read the store
  | 'expired'
  | 'not-yet-valid'
  | 'not-a-ca' // an issuer on the path may issue nothing
  | 'purpose'; // the leaf is not meant for servers

export interface ProxySeen {
  /** Of the answer to CONNECT. */
  readonly status?: number;
  /** Schemes of Proxy-Authenticate, in lower case. */
  readonly authenticationSchemes?: readonly string[];
  readonly via?: string;
  /** What answered in place of HTTP. */
  readonly notHttp?: NotTlsSeen;
  /** For a proxy that is spoken to over TLS: whether that TLS stood. */
  readonly secured?: boolean;
}

export interface HttpSeen {
  readonly status?: number;
  /** The Server header. */
  readonly server?: string;
  /** The Date header, when it parses. */
  readonly date?: string;
  /** Retry-After, whether it was seconds or a date. */
  readonly retryAfterMs?: number;
  /** Location's origin, for 3xx. */
  readonly locationOrigin?: string;
  readonly contentType?: string;
  /** What the body is known to mean; never the body. */
  readonly body?: HttpBody;
}

export type HttpBody =
  | 'nginx-no-required-certificate' // "No required SSL certificate was sent"
  | 'nginx-certificate-error' // "The SSL certificate error"
  | 'invalid-agent-mtls-authority' // the manager's code INVALID_AGENT_MTLS_AUTHORITY
  | 'plain-http-to-https-port'; // a TLS port behind the gateway got our request in clear

export interface WebSocketSeen {
  /** Of the answer to the upgrade. */
  readonly status?: number;
  readonly closeCode?: number;
  readonly closeReason?: string;
  /** The upgrade's answer, where it was none. */
  readonly http?: HttpSeen;
}

/** The end of a connection that had stood: what cuts idle connections cuts them at one age. */
export interface DropSeen {
  readonly ageMs: number;
  readonly how: 'close' | 'reset' | 'timeout';
}

/** What came of an extra attempt: enough to tell it from the attempt that it varies. */
export interface ExperimentSeen {
  readonly changed: ExperimentName;
  /** The address, port or name that was tried in place of the attempt's own. */
  readonly value?: string;
  readonly outcome: Outcome;
  /** Where it stopped; absent when accepted. */
  readonly layer?: Layer;
  readonly durationMs: number;
  /** The first fatal alert, of either direction. */
  readonly alert?: ExperimentAlert;
  /** Of the step at which it stopped. */
  readonly error?: string;
  readonly version?: string;
  readonly clientCertificateRequested?: boolean;
  readonly serverHelloReceived?: boolean;
  readonly serverCertificateSha256?: string;
  readonly httpStatus?: number;
}

export type ExperimentAlert = Pick<AlertSeen, 'direction' | 'code' | 'description'>;

export const experimentNames = [
  'no-client-certificate',
  'throwaway-client-certificate', // self-signed, minted on the spot
  'tls-1.2-only',
  'classic-groups-only', // a ClientHello of one segment
  'no-alpn',
  'no-server-name',
  'other-server-name',
  'other-address', // one of the host's other addresses
  'sibling-port', // 443 for 8443, and the reverse
  'without-proxy',
  'with-proxy',
  'again', // nothing changed
] as const;
export type ExperimentName = (typeof experimentNames)[number];
