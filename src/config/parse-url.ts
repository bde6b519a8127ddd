/** URLs from configuration: what may stand in one, and how one is printed without its secrets. */
import { isIP } from 'node:net';
import { mayHoldUserinfo } from '../base/dissect-url.ts';
import { printableUrl } from '../target/target.ts';
import type { OptionSpec } from './option.ts';
import { expectedOf, type Parsed, quotedUrl } from './parsed.ts';

/** Without a scheme, https is meant. The fragment is dropped. */
export function parseTargetUrl(text: string, option: OptionSpec): Parsed<URL> {
  const url = urlOf(text);
  const expected = expectedOf(option);
  if (!url) return { what: `${quotedUrl(text)} is no URL`, expected };
  if (url.protocol !== 'https:' && url.protocol !== 'wss:') {
    return { what: `${quotedUrl(text)} speaks no TLS: its scheme is ${schemeOf(url)}`, expected };
  }
  if (mayHoldUserinfo(text)) {
    const what = `${quotedUrl(text)} holds a user or password, which is never sent`;
    return { what, expected: inPath(url, expected) };
  }
  return { value: url, printable: redactUrl(url) };
}

/** `https:` or `wss:`, or `http:` to this machine. */
export function parseHomeUrl(text: string, option: OptionSpec): Parsed<URL> {
  const url = urlOf(text);
  const expected = expectedOf(option);
  if (!url) return { what: `${quotedUrl(text)} is no URL`, expected };
  if (mayHoldUserinfo(text)) {
    return {
      what: `${quotedUrl(text)} holds a user or password, which is never sent`,
      expected: inPath(url, `${expected}; a token goes into --home-token-file`),
    };
  }
  const isEncrypted = url.protocol === 'https:' || url.protocol === 'wss:';
  if (isEncrypted || (url.protocol === 'http:' && isLoopbackHost(url.hostname))) {
    return { value: url, printable: redactUrl(url) };
  }
  const what =
    url.protocol === 'http:'
      ? `${quotedUrl(text)} would carry reports in clear over a network`
      : `${quotedUrl(text)} has the scheme ${schemeOf(url)}`;
  return { what, expected };
}

/** Where a parser sees no user, an `@` is refused all the same: a password that was not escaped looks like a port and a path. */
function inPath(url: URL, expected: string): string {
  const isUser = url.username !== '' || url.password !== '';
  return isUser ? expected : `${expected}; an @ outside of the query is written %40`;
}

/** For output: no userinfo, no fragment, and a mark in place of a query. */
function redactUrl(url: URL): string {
  return `${printableUrl(url)}${url.search === '' ? '' : '?…'}`;
}

function urlOf(text: string): URL | undefined {
  // The parser forgives white space and back slashes; whoever typed them meant something else.
  if (/[\s\\\p{Cc}]/u.test(text)) return undefined;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const url = URL.parse(hasScheme ? text : `https://${text}`);
  if (!url || url.port === '0' || !hostPattern.test(url.hostname)) return undefined;
  // `https:/host` and `https//host`: a scheme with a slip in it, and no host of that name.
  if (!hasScheme && /^(?:https?|wss?)$/.test(url.hostname)) return undefined;
  url.hash = '';
  return url;
}

/** As the parser leaves it: a name in ASCII, an address, or one in brackets. It takes more than any resolver does. */
const hostPattern = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/i;

const schemeOf = (url: URL): string => url.protocol.slice(0, -1);

/** For a URL's hostname, which may have brackets. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
