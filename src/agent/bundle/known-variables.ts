/** The variables of proxies and delegates that a bundle tells of, each shown only where its value is exactly what it should be. */
import { dissectUrl, mayHoldUserinfo } from '../../base/dissect-url.ts';
import { unshown } from '../../base/secret.ts';
import type { DelegateSources } from '../../config/delegate-sources.ts';
import { isIP } from '../../target/is-ip.ts';
import { parseProxyUrl, printableProxy } from '../../target/proxy-url.ts';

/** What a variable should hold. */
interface Shape {
  /** Ends a sentence: "it is …". */
  readonly otherwise: string;
  /** What is shown of it; undefined when it is something else. */
  readonly printable: (value: string) => string | undefined;
}

/** Secrets, names of people, and options among which a password may stand. */
const withheld = 'withheld';

/** By their names, in the order in which they are told. */
type Variables = Readonly<Record<string, Shape | typeof withheld>>;

const matching = (pattern: RegExp, otherwise: string): Shape => ({
  otherwise,
  printable: (value) => (pattern.test(value) ? value : undefined),
});

const flag = matching(/^(?:true|false)$/i, 'neither true nor false');
const name = matching(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,127}$/u, 'no plain name');
const path = matching(/^\/[\p{L}\p{N} _.+/-]*$/u, 'no plain absolute path');
const port = matching(/^\d{1,5}$/, 'no port');
const scheme = matching(/^https?$/i, 'neither http nor https');

const isName = (text: string): boolean => /^[\w.-]{1,253}$/.test(text);

const host: Shape = {
  otherwise: 'no host',
  printable: (value) => (isName(value) || isIP(value) !== 0 ? value : undefined),
};

/** Suffixes, addresses and ranges of addresses. */
function isExempted(entry: string): boolean {
  const text = entry.trim().replace(/^\[(.*)\]$/, '$1');
  const [address = '', bits] = text.split('/');
  if (isIP(address) !== 0) return bits === undefined || /^\d{1,3}$/.test(bits);
  return /^\*?[\w.*-]*(?::\d{1,5})?$/.test(text);
}

const exemptions: Shape = {
  otherwise: 'no list of hosts alone',
  printable: (value) => (value.split(',').every(isExempted) ? value : undefined),
};

const proxyUrl: Shape = {
  otherwise: 'no URL of an HTTP proxy',
  printable: (value) => {
    const proxy = parseProxyUrl(value);
    return proxy && printableProxy(proxy);
  },
};

const serviceUrl: Shape = {
  otherwise: 'no plain URL',
  printable: (value) => {
    const { scheme: before, plain, query } = dissectUrl(value);
    const form =
      /^(?:(?:https?|wss?):\/\/)?(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:\/[\w.~%/+-]*)?$/i;
    if (mayHoldUserinfo(value) || !form.test(`${before}${plain}`)) return undefined;
    return `${before}${plain}${query && '?…'}`;
  },
};

const proxyVariables: Variables = {
  HTTPS_PROXY: proxyUrl,
  https_proxy: proxyUrl,
  HTTP_PROXY: proxyUrl,
  http_proxy: proxyUrl,
  ALL_PROXY: proxyUrl,
  all_proxy: proxyUrl,
  NO_PROXY: exemptions,
  no_proxy: exemptions,
  PROXY_HOST: host,
  PROXY_PORT: port,
  PROXY_SCHEME: scheme,
  PROXY_USER: withheld,
  PROXY_PASSWORD: withheld,
  PROXY_PASSWORD_ENC: withheld,
  PROXY_MANAGER: flag,
  PROXY_TLS_CONNECT: flag,
  PROXY_CONFIG_FILE: path,
  KUBERNETES_SERVICE_HOST: host,
};

/** What 3.x calls its own says so only beside an account: the words are anybody's. */
const besideAccount: Variables = { URL: serviceUrl, NAME: name, TOKEN: withheld };

const delegateVariables: Variables = {
  MANAGER_HOST_AND_PORT: serviceUrl,
  LOG_STREAMING_SERVICE_URL: serviceUrl,
  TI_SERVICE_URL: serviceUrl,
  ACCOUNT_ID: name,
  DELEGATE_NAME: name,
  DELEGATE_TYPE: name,
  DELEGATE_TOKEN: withheld,
  ACCOUNT_SECRET: withheld,
  UPGRADER_TOKEN: withheld,
  DELEGATE_CLIENT_CERTIFICATE_PATH: path,
  DELEGATE_CLIENT_CERTIFICATE_KEY_PATH: path,
  HARNESS_CLIENT_CERT_FILE: path,
  HARNESS_CLIENT_KEY_FILE: path,
  HARNESS_CERTS_DIR: path,
  WORKING_DIR: path,
  JAVA_HOME: path,
  JAVA_OPTS: withheld,
  JDK_JAVA_OPTIONS: withheld,
  JAVA_TOOL_OPTIONS: withheld,
  DELEGATE_HTTP_PORT: port,
  FIPS_ENABLED: flag,
  TRUST_ALL_CERTIFICATES: flag,
  SIDECAR_MODE: flag,
  POLL_FOR_TASKS: flag,
  PRECHECK_CONN: flag,
};

type Told = Readonly<Record<string, string>>;

/** What is said by all that speaks of the delegate, with the file that says it where that is not our own environment. */
export function knownVariables(delegate: DelegateSources): {
  readonly proxyVariables: Told;
  readonly delegateVariables: Told;
} {
  const recent = delegate.env['ACCOUNT_ID'] ? besideAccount : {};
  return {
    proxyVariables: tell(proxyVariables, delegate),
    delegateVariables: tell({ ...delegateVariables, ...recent }, delegate),
  };
}

function tell(variables: Variables, { env, fileOf }: DelegateSources): Told {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([variable, shape]) => {
      const value = env[variable]?.trim();
      if (value === undefined) return [];
      const file = fileOf(variable);
      const where = file === undefined ? '' : ` (in ${file})`;
      return [[variable, `${inWords(value, shape)}${where}`]];
    }),
  );
}

function inWords(value: string, shape: Shape | typeof withheld): string {
  if (value === '') return 'empty';
  if (shape === withheld) return 'set, not shown';
  return shape.printable(value) ?? `set, ${unshown(value)}, for it is ${shape.otherwise}`;
}
