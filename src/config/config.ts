/** The frozen configuration: every value typed, checked and with its origin. Made by `load-config.ts` alone. */
import type { Secret } from '../base/secret.ts';

export interface Config {
  readonly targets: readonly TargetConfig[];
  /** Deadline of one step. */
  readonly timeoutMs: number;
  /** Between two looks at a target that accepts us. */
  readonly intervalMs: number;
  /** Between two reports when nothing changes. */
  readonly heartbeatMs: number;
  /** Whether extra attempts are made after a failure. */
  readonly experiments: boolean;
  /** Where baselines, spool and identity live; absent: nothing is kept. */
  readonly stateDir?: string;
  /** Where reports go; each has every report. */
  readonly homes: readonly NamedHome[];
  /** What may wait for all of them together; absent: the usual. */
  readonly spool?: SpoolConfig;
  /** `--otlp`: the Collector that has every report besides. */
  readonly otlp?: OtlpConfig;
  /** Name of a format in `format/formats.ts`. */
  readonly format: string;
  /** `--output` of check: where the report goes in place of stdout. */
  readonly outputFile?: string;
  /** `--log-file` of run: where events go in place of stdout. */
  readonly logFile?: string;
  /** Of run, a name in `eventFormats`: of events in the log file; present when there is one. */
  readonly logFormat?: string;
  /** The same of events on stdout; absent: none go there. */
  readonly stdoutFormat?: string;
  /** What stands within the format syslog: a name in `format/line-formats.ts`. */
  readonly syslogContent?: string;
  /** `--syslog` of run: where events go besides. */
  readonly syslog?: SyslogConfig;
  /** `--metrics` of run: where metrics are asked for. */
  readonly metrics?: Endpoint;
  /** `--metrics-textfile` of run: the file that node_exporter reads. */
  readonly metricsTextfile?: string;
  /** `--verbose`: the program's own log says more. */
  readonly verbose?: boolean;
  readonly delegate: { readonly name?: string; readonly account?: string };
  /** For `--show-config`: every setting with its printable value (secrets redacted) and where it came from. */
  readonly origins: readonly SettingOrigin[];
}

export interface TargetConfig {
  /** `https:` or `wss:`; always with a path. May hold a query, which no output shows. */
  readonly url: URL;
  readonly serverName?: string;
  /** An IP address to dial in place of a resolved one. */
  readonly address?: string;
  readonly proxy?: ProxyConfig;
  /** The proxy that the environment asks for and from which it exempts this host. */
  readonly exemptedProxy?: ProxyConfig;
  readonly credential: CredentialConfig;
  readonly tls: TlsConfig;
  /** The Java delegate beside us; absent where nothing speaks of one. */
  readonly delegate?: DelegateConfig;
  /** Path to upgrade, besides the http step. */
  readonly websocketPath?: string;
}

export interface ProxyConfig {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** `user:password`. */
  readonly userinfo?: Secret;
}

export interface CredentialConfig {
  readonly certPath?: string;
  readonly keyPath?: string;
  readonly passphrasePath?: string;
  /** A file, or a directory of files, whose anchors stand in place of the usual ones. */
  readonly caPath?: string;
  /** The same, whose anchors come beside the usual ones: the delegate's own bundle. Never together with `caPath`. */
  readonly extraCaPath?: string;
  /** Where a certificate was looked for in vain, in words; absent where one is configured. */
  readonly lookedFor?: readonly string[];
  /** Revocation lists by which the certificate is judged. */
  readonly crlPath?: string;
}

export interface DelegateConfig {
  /** Java's trust store; absent when none is named and none was found. */
  readonly trustStorePath?: string;
  /** `none`: Java is told the store without one. Absent: nothing is said about it. */
  readonly trustStorePassword?: Secret | 'none';
  readonly trustsAll?: boolean;
  readonly fips?: boolean;
}

export interface TlsConfig {
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  readonly alpn: readonly string[];
  /** OpenSSL names, as Node takes them; absent means Node's default. */
  readonly groups?: readonly string[];
  readonly signatureAlgorithms?: readonly string[];
  readonly ciphers?: readonly string[];
}

export const tlsVersions = ['1.2', '1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** How one home is reached, by a path of its own. */
export interface HomeConfig {
  /** `https:` or `wss:`, or `http:` to a loopback address. */
  readonly url: URL;
  /** Dial this address, do not resolve; what CONNECT names, with a proxy. */
  readonly address?: string;
  readonly tokenPath?: string;
  readonly caPath?: string;
  readonly certPath?: string;
  readonly keyPath?: string;
  readonly proxy?: ProxyConfig;
}

export interface NamedHome extends HomeConfig {
  /** Under which reports wait for it and metrics tell of it; without a secret. `home` is the one of option and environment. */
  readonly name: string;
}

export interface SpoolConfig {
  /** Sum of all reports. */
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly maxReports: number;
  /** Of one report. */
  readonly maxReportBytes: number;
}

/** An OpenTelemetry Collector, by OTLP over HTTP. */
export interface OtlpConfig {
  readonly logs: OtlpSignalConfig;
  readonly metrics: OtlpSignalConfig;
  /** Go before what we say of ourselves. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
}

export interface OtlpSignalConfig {
  /** `https:` or `http:`, with the path of the signal. */
  readonly url: URL;
  /** Names in lower case; values are credentials for all we know. */
  readonly headers: readonly { readonly name: string; readonly value: Secret }[];
  readonly protocol: OtlpProtocol;
  readonly compression: 'gzip' | 'none';
  /** Of one request. */
  readonly timeoutMs: number;
  readonly caPath?: string;
  readonly certPath?: string;
  readonly keyPath?: string;
  readonly proxy?: ProxyConfig;
}

export const otlpProtocols = ['http/protobuf', 'http/json'] as const;
export type OtlpProtocol = (typeof otlpProtocols)[number];

/** Where to listen. */
export interface Endpoint {
  /** An IP address or `localhost`, without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface SyslogReceiver {
  readonly protocol: 'udp' | 'tcp' | 'tls';
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface SyslogConfig extends SyslogReceiver {
  readonly caPath?: string;
  readonly certPath?: string;
  readonly keyPath?: string;
}

export interface SettingOrigin {
  /** As in the configuration file: `targets[0].cert`, `home.url`. */
  readonly setting: string;
  readonly value: string;
  /** `--cert`, `SIDELIGHT_CERT`, `sidelight.json: targets[0].cert`, `DELEGATE_CLIENT_CERTIFICATE_PATH`, `default`. */
  readonly origin: string;
}
