/** What one option is: the shape from which command line, environment, configuration file and help derive. */
import type { Endpoint, ProxyConfig, SyslogReceiver } from './config.ts';

/** The value that each kind of option parses to. */
export interface KindValues {
  readonly path: string;
  readonly targetUrl: URL;
  readonly homeUrl: URL;
  /** `none`: explicitly no proxy, whatever the environment says. */
  readonly proxy: ProxyConfig | 'none';
  /** In milliseconds. */
  readonly duration: number;
  readonly list: readonly string[];
  /** As `list`, but a colon separates too, as in OpenSSL's own lists. */
  readonly opensslList: readonly string[];
  /** As given, separated by white space; each may be a secret. */
  readonly urls: readonly string[];
  readonly choice: string;
  readonly address: string;
  readonly serverName: string;
  readonly urlPath: string;
  readonly endpoint: Endpoint;
  readonly syslogUrl: SyslogReceiver;
  /** `env`: whatever OTEL_EXPORTER_OTLP_* says. */
  readonly otlpUrl: URL | 'env';
  readonly boolean: boolean;
  /** In octets. */
  readonly size: number;
  /** From 1 on. */
  readonly count: number;
  /** Milliseconds since 1970, or before now. */
  readonly moment: { readonly atMs: number } | { readonly agoMs: number };
  readonly text: string;
}

export type Kind = keyof KindValues;

export const commandNames = [
  'check',
  'run',
  'status',
  'preflight client',
  'preflight gateway',
  'preflight compare',
  'watch-rotation',
  'home',
  'home list',
  'home probe-now',
  'bundle',
  'show',
  'explain',
  'schema',
  'demo',
  'completion',
  'man',
  'licenses',
  'version',
] as const;
export type CommandName = (typeof commandNames)[number];

export interface OptionSpec {
  /** Without the dashes. */
  readonly flag: string;
  readonly kind: Kind;
  readonly commands: readonly CommandName[];
  /** Heading in the help. */
  readonly group: string;
  readonly description: string;
  /** Stands for the value in the help: `FILE`. */
  readonly placeholder?: string;
  /** Parsed like any other value. */
  readonly default?: string;
  /** Where a command's default differs. */
  readonly defaultFor?: Readonly<Partial<Record<CommandName, string>>>;
  /** For the help, when the default is worked out. */
  readonly defaultText?: string;
  readonly choices?: readonly string[];
  /** Where a command's choices differ. */
  readonly choicesFor?: Readonly<Partial<Record<CommandName, readonly string[]>>>;
  /** For durations, inclusive. */
  readonly range?: { readonly minMs: number; readonly maxMs: number };
  /** For sizes, in octets, and for counts, inclusive. */
  readonly bounds?: { readonly min: number; readonly max: number };
  /**
   * Where its key stands in the configuration file: `target`: in a target, or at the top for all of
   * them; `top`: at the top only; `none`: nowhere.
   */
  readonly file: 'target' | 'top' | 'none';
  /** False: has no `SIDELIGHT_*` variable. */
  readonly variable?: false;
}

/** `tls-min` → `SIDELIGHT_TLS_MIN`. */
export function variableOf(option: OptionSpec): string | undefined {
  if (option.variable === false) return undefined;
  return `SIDELIGHT_${option.flag.toUpperCase().replaceAll('-', '_')}`;
}
