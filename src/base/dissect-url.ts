/** Text that may be a URL, cut where secrets stand in one: by text, because that must hold for what does not parse as well. */

export interface UrlParts {
  /** With its slashes: `https://`; empty where there is none. */
  readonly scheme: string;
  /** Everything up to the last `@`, whatever stands in it. */
  readonly userinfo: string;
  /** Host, port and path; empty where they cannot be told from user information. */
  readonly plain: string;
  /** From the first `?` or `#` on. */
  readonly query: string;
}

export function dissectUrl(text: string): UrlParts {
  const scheme = /^(?:[a-z][a-z0-9+.-]*:\/+|\/\/+)/i.exec(text)?.[0] ?? '';
  const rest = text.slice(scheme.length);
  const at = rest.lastIndexOf('@') + 1;
  const mark = /[?#]/.exec(rest)?.index ?? rest.length;
  const userinfo = rest.slice(0, Math.max(0, at - 1));
  return { scheme, userinfo, plain: rest.slice(at, Math.max(at, mark)), query: rest.slice(mark) };
}

/** Whether something may be user information. After a path, an `@` in the query is the query's. */
export function mayHoldUserinfo(text: string): boolean {
  const { scheme } = dissectUrl(text);
  return /^(?:[^?#]*|[^/]*)@/s.test(text.slice(scheme.length));
}
