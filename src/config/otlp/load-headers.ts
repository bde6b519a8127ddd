/** OTEL_EXPORTER_OTLP_HEADERS: credentials for all we know, so they are shown to nobody and sent to one place only. */
import { Secret } from '../../base/secret.ts';
import type { OtlpSignalConfig } from '../config.ts';
import { parseCollectorUrl } from '../parse-otlp-url.ts';
import type { Findings } from '../settings.ts';
import { type ExporterVariables, notPairs, parsePairs, type Said } from './otel-variables.ts';

type Headers = OtlpSignalConfig['headers'];

/** What the exchange itself needs to say. */
const reserved = [
  ...['connection', 'content-encoding', 'content-length', 'content-type', 'expect', 'host'],
  ...['keep-alive', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
];
const maxHeaders = 64;

/**
 * Where `base` is ours and the environment names another endpoint, its headers belong to that one, and are not sent: a
 * credential for one receiver is none of another's business.
 */
export function loadHeaders(
  base: URL | undefined,
  { variables, findings }: { readonly variables: ExporterVariables; readonly findings: Findings },
  tell: (what: string, value: string, origin: string) => void,
): Headers {
  const found = variables('HEADERS');
  if (!found) return [];
  const other = base && endpointElsewhere(base, variables);
  if (other) {
    tell('headers', '', `${found.origin}; not sent, for they belong to the endpoint of ${other}`);
    return [];
  }
  const pairs = parsePairs(found.value);
  const headers = pairs?.map(([name, value]) => ({ name: name.toLowerCase(), value })) ?? [];
  if (!pairs) findings.problems.push(notPairs(found.origin));
  findings.problems.push(...wrongHeaders(found, headers));
  tell('headers', headers.map(({ name }) => `${name}=…`).join(','), found.origin);
  return headers.map(({ name, value }) => ({ name, value: new Secret(value) }));
}

function endpointElsewhere(base: URL, variables: ExporterVariables): string | undefined {
  const endpoint = variables('ENDPOINT');
  if (!endpoint) return undefined;
  const parsed = parseCollectorUrl(endpoint.value, '');
  return 'value' in parsed && parsed.value.origin === base.origin ? undefined : endpoint.origin;
}

/** Of RFC 9110 section 5.1 and 5.5; without a value in the message. */
function wrongHeaders(
  { origin: where }: Said<string>,
  headers: readonly { readonly name: string; readonly value: string }[],
): Findings['problems'] {
  const expected = 'names of HTTP headers with values in printable ASCII';
  const isName = (name: string): boolean => /^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name);
  const isValue = (value: string): boolean => /^[\x20-\x7e]{0,8192}$/.test(value);
  if (headers.length > maxHeaders || !headers.every((each) => isName(each.name))) {
    return [{ where, what: 'holds what is no name of a header', expected }];
  }
  const taken = headers.find(({ name }) => reserved.includes(name))?.name;
  if (taken !== undefined) {
    return [{ where, what: `sets ${taken}, which is ours to set`, expected: 'other headers' }];
  }
  if (headers.every(({ value }) => isValue(value))) return [];
  return [{ where, what: 'holds a value that cannot stand in a header', expected }];
}
