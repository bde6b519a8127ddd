/** What parsing one value gives, and the words in which its faults are told. */
import { dissectUrl } from '../base/dissect-url.ts';
import { sanitise } from '../base/sanitise.ts';
import { proxyExpected } from '../target/proxy-url.ts';
import type { Kind, OptionSpec } from './option.ts';

export type Parsed<Value> =
  | { readonly value: Value; readonly printable: string }
  | { readonly what: string; readonly expected: string };

/** What stands in a message in place of a value: cut, made printable, without secrets. */
export const quoted = (text: string): string => `"${sanitise(redactText(text), 80)}"`;

/** Text that may be a URL, without userinfo, query and fragment; hides too much rather than too little. */
export function redactText(text: string): string {
  const { scheme, userinfo, plain, query } = dissectUrl(text);
  return `${scheme}${userinfo && '***@'}${plain}${query && '?…'}`;
}

/** The same for a text that is meant as a URL: what stands for a port and is none may be half of a password. */
export function quotedUrl(text: string): string {
  const noPort =
    /^((?:[a-z][a-z0-9+.-]*:\/+|\/+)?(?:\*{3}@)?(?:\[[^\]]*\]|[^:/]*):)(?!\/|\d*(?:[/?]|$)).*/is;
  return `"${sanitise(redactText(text).replace(noPort, '$1…'), 80)}"`;
}

/** What an option asks for, in the words of the help. */
export function expectedOf(option: OptionSpec): string {
  if (option.choices) return `one of ${option.choices.join(', ')}`;
  return expectations[option.kind];
}

const expectations: { readonly [K in Kind]: string } = {
  path: 'the path of a file or directory',
  targetUrl: 'https://HOST[:PORT][/PATH] or wss://HOST[:PORT]/PATH',
  homeUrl: 'https://HOST[:PORT][/PATH] or wss://HOST[:PORT]/PATH; http:// only to this machine',
  proxy: `${proxyExpected}; or none`,
  duration: 'a number with a unit, such as 500ms, 10s, 5m or 1h',
  list: 'names separated by commas',
  opensslList: 'names as OpenSSL spells them, separated by commas or colons',
  urls: 'one URL, or several separated by spaces',
  choice: 'one of the choices',
  address: 'an IPv4 or IPv6 address',
  serverName: 'a host name',
  urlPath: 'a path that begins with /',
  endpoint: 'ADDRESS:PORT, such as 127.0.0.1:8470 or [::]:8470; a PORT alone: of this machine only',
  syslogUrl: 'udp://HOST[:514], tcp://HOST[:514] or tls://HOST[:6514]',
  otlpUrl: 'https://HOST[:PORT][/PATH] or http://HOST[:PORT][/PATH], or env',
  boolean: 'true or false',
  size: 'a number with a unit, such as 500MB, 10GB or 2TiB',
  count: 'a whole number from 1 on',
  moment: 'a time such as 2026-08-26T09:00:00Z, or how long ago, such as 2h',
  text: 'some text',
};
