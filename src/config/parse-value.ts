/** One value from text, by the kind of its option: what it means, how it is printed, or what is wrong with it. */
import { isIP } from 'node:net';
import { sanitise } from '../base/sanitise.ts';
import { parseProxyUrl, printableProxy } from '../target/proxy-url.ts';
import type { Kind, KindValues, OptionSpec } from './option.ts';
import { parseDuration } from './parse-duration.ts';
import { parseOtlpUrl } from './parse-otlp-url.ts';
import { parseCount, parseMoment, parseSize } from './parse-size.ts';
import { parseSyslogUrl } from './parse-syslog-url.ts';
import { parseHomeUrl, parseTargetUrl } from './parse-url.ts';
import { expectedOf, type Parsed, quoted, quotedUrl, redactText } from './parsed.ts';
import { suggest } from './suggest.ts';

/** As given: only the configuration file has lists, everything else is text. */
export type Raw = string | readonly string[];

type Parser<Value> = (text: string, option: OptionSpec) => Parsed<Value>;

export function parseValue<K extends Kind>(
  kind: K,
  raw: Raw,
  option: OptionSpec,
): Parsed<KindValues[K]> {
  const text = typeof raw === 'string' ? raw.trim() : raw.join(kind === 'urls' ? ' ' : ',');
  if (text === '') return { what: 'is empty', expected: expectedOf(option) };
  return parsers[kind](text, option);
}

const parsers: { readonly [K in Kind]: Parser<KindValues[K]> } = {
  path: (text) => ({ value: text, printable: sanitise(text, 1024) }),
  targetUrl: parseTargetUrl,
  homeUrl: parseHomeUrl,
  proxy: parseProxy,
  duration: parseDuration,
  list: (text) => parseList(text, /,/, 255),
  opensslList: (text) => parseList(text, /[,:]/, 64),
  urls: (text) => ({ value: text.split(/[\s]+/), printable: '(not shown)' }),
  choice: parseChoice,
  address: parseAddress,
  serverName: parseServerName,
  urlPath: parseUrlPath,
  endpoint: parseEndpoint,
  syslogUrl: parseSyslogUrl,
  otlpUrl: parseOtlpUrl,
  boolean: parseBoolean,
  size: parseSize,
  count: parseCount,
  moment: parseMoment,
  text: (text) => ({ value: text, printable: sanitise(text, 1024) }),
};

function parseProxy(text: string, option: OptionSpec): Parsed<KindValues['proxy']> {
  if (text.toLowerCase() === 'none') return { value: 'none', printable: 'none' };
  const value = parseProxyUrl(text);
  if (value) return { value, printable: printableProxy(value) };
  return { what: `${quotedUrl(text)} is no HTTP proxy`, expected: expectedOf(option) };
}

function parseList(text: string, separator: RegExp, maxLength: number): Parsed<readonly string[]> {
  const value = text.split(separator).map((name) => name.trim());
  const wrong = value.find((name) => !/^[\x21-\x7e]+$/.test(name) || name.length > maxLength);
  if (wrong === undefined) return { value, printable: value.join(',') };
  const what = wrong === '' ? 'has an empty name in the list' : `${quoted(wrong)} is no name`;
  return { what, expected: 'names without spaces, none of them empty' };
}

function parseChoice(text: string, option: OptionSpec): Parsed<string> {
  const choices = option.choices ?? [];
  if (choices.includes(text)) return { value: text, printable: text };
  const near = suggest(text, choices);
  const expected = expectedOf(option);
  return {
    what: `${quoted(text)} is not among the choices`,
    expected: near === undefined ? expected : `${expected}; did you mean ${near}?`,
  };
}

function parseAddress(text: string, option: OptionSpec): Parsed<string> {
  const value = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(value) !== 0) return { value, printable: value };
  return { what: `${quoted(text)} is no IP address`, expected: expectedOf(option) };
}

function parseServerName(text: string, option: OptionSpec): Parsed<string> {
  const value = /^[^\s/@:?#\\[\]]+$/.test(text)
    ? URL.parse(`https://${text}`)?.hostname
    : undefined;
  if (value === undefined || value === '' || value.length > 253) {
    return { what: `${quoted(text)} is no host name`, expected: expectedOf(option) };
  }
  if (isIP(value) === 0) return { value, printable: value };
  return {
    what: `${quoted(text)} is an address, which TLS never sends as server name`,
    expected: 'a host name; for the address to dial, use --address',
  };
}

function parseUrlPath(text: string, option: OptionSpec): Parsed<string> {
  const printable = sanitise(redactText(text), 1024);
  if (/^\/[\x21\x22\x24-\x7e]*$/.test(text)) return { value: text, printable };
  return { what: `${quoted(text)} is no path`, expected: expectedOf(option) };
}

function parseEndpoint(text: string, option: OptionSpec): Parsed<KindValues['endpoint']> {
  const [, bracketed, plain, digits = ''] =
    /^(?:(?:\[(.+)\]|([^:]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '127.0.0.1';
  const port = Number(digits);
  if ((isIP(host) !== 0 || host === 'localhost') && digits !== '' && port <= 65_535) {
    return { value: { host, port }, printable: text };
  }
  return { what: `${quoted(text)} is no address with a port`, expected: expectedOf(option) };
}

function parseBoolean(text: string, option: OptionSpec): Parsed<boolean> {
  const yes = /^(?:true|1|yes|on)$/i.test(text);
  if (yes || /^(?:false|0|no|off)$/i.test(text)) return { value: yes, printable: String(yes) };
  return { what: `${quoted(text)} is neither true nor false`, expected: expectedOf(option) };
}
