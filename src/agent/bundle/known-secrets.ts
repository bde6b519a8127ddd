/** The last net under a bundle: whatever secret this machine is known to hold is taken out, wherever it turns up. */
import { dissectUrl } from '../../base/dissect-url.ts';
import { readSmallFile } from '../../base/read-small-file.ts';
import { sanitise } from '../../base/sanitise.ts';
import type { Secret } from '../../base/secret.ts';
import type { Config } from '../../config/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Shorter ones would take plain words away. */
const minLength = 6;
const maxFileBytes = 256 * 1024;

/** Every secret in the forms in which it could stand in text, the longest first. */
export function knownSecrets(
  environments: readonly Environment[],
  config: Config | undefined,
): readonly string[] {
  const raw = [...environments.flatMap(ofEnvironment), ...(config ? ofConfig(config) : [])];
  const forms = raw.filter((secret) => secret.length >= minLength).flatMap(formsOf);
  return [...new Set(forms)].toSorted((one, other) => other.length - one.length);
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text);
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(sanitise(secret, secret.length * 10)).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ];
}

const secretName = /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY/i;
const placeName = /(?:PATH|FILE|DIR|NAME|URL)$/i;
const urlName = /(?:PROXY|URL|URLS|TARGETS|HOST_AND_PORT)$/i;

function ofEnvironment(env: Environment): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    const named = secretName.test(name) && !placeName.test(name) ? [value.trim()] : [];
    const isUrl = urlName.test(name) || /^\s*(?:[a-z][a-z0-9+.-]*:\/|\/\/)/i.test(value);
    const urls = isUrl ? [value] : (value.match(/[a-z][a-z0-9+.-]*:\/\/\S+/gi) ?? []);
    return [...named, ...urls.flatMap(inUrl)];
  });
}

/** Of a URL, or of what was meant as one: proxies and targets are often told with secrets. */
function inUrl(text: string): readonly string[] {
  const { userinfo, query } = dissectUrl(text.trim());
  const values = [...new URLSearchParams(query.slice(1)).values()];
  return [...passwordIn(userinfo), query.slice(1), ...values];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function queryValues(url: URL): readonly string[] {
  return [...url.searchParams.values(), url.search.slice(1)];
}

function ofConfig({ targets, homes, otlp }: Config): readonly string[] {
  const signals = otlp ? [otlp.logs, otlp.metrics] : [];
  const proxies = [
    ...targets.flatMap(({ proxy, exemptedProxy }) => [proxy, exemptedProxy]),
    ...[...homes, ...signals].map(({ proxy }) => proxy),
  ];
  const passphrases = targets.map(({ credential }) => credential.passphrasePath);
  const keys = [
    ...targets.map(({ credential }) => credential.keyPath),
    ...[...homes, ...signals].map(({ keyPath }) => keyPath),
  ];
  const tokens = homes.map(({ tokenPath }) => tokenPath);
  const stores = targets.map(({ delegate }) => delegate?.trustStorePassword);
  return [
    ...proxies.flatMap((proxy) => (proxy?.userinfo ? passwordIn(proxy.userinfo.reveal()) : [])),
    ...[...targets, ...signals].flatMap(({ url }) => queryValues(url)),
    ...signals.flatMap(({ headers }) => headers.flatMap(({ value }) => credentialIn(value))),
    ...[...passphrases, ...tokens].flatMap((path) => linesOf(path)),
    // Of a key, the lines of its octets: they are long, and its labels are no secret.
    ...keys.flatMap((path) => linesOf(path)).filter((line) => /^[A-Za-z0-9+/=]{20,}$/.test(line)),
    ...stores.flatMap((store) => (typeof store === 'object' ? [store.reveal()] : [])),
  ];
}

/** Of `Bearer abc`, also what follows the scheme. */
function credentialIn(value: Secret): readonly string[] {
  const text = value.reveal();
  return [text, text.replace(/^\S+\s+/, '')];
}

/** Of `user:password`; a user alone may be a token. */
function passwordIn(text: string): readonly string[] {
  const password = text.slice(text.indexOf(':') + 1);
  return [text, password, decoded(password)];
}

/** What cannot be read cannot turn up either. */
function linesOf(path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  try {
    return readSmallFile(path, { maxBytes: maxFileBytes })
      .toString()
      .split('\n')
      .map((line) => line.trim());
  } catch {
    return [];
  }
}
