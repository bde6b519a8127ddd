/** The second net under evidence, which is built from an allow-list: no URL keeps userinfo, query or fragment. */
import type { Evidence } from '../evidence/evidence.ts';

export function withoutUrlSecrets(evidence: Evidence): Evidence {
  const { target, http, websocket } = evidence;
  return {
    ...evidence,
    target: {
      ...target,
      url: plainUrl(target.url),
      ...(target.proxy !== undefined && { proxy: plainUrl(target.proxy) }),
    },
    ...(http && { http: plainLocation(http) }),
    ...(websocket && {
      websocket: { ...websocket, ...(websocket.http && { http: plainLocation(websocket.http) }) },
    }),
  };
}

function plainLocation<T extends { readonly locationOrigin?: string }>(answer: T): T {
  const { locationOrigin } = answer;
  return locationOrigin === undefined
    ? answer
    : { ...answer, locationOrigin: plainUrl(locationOrigin) };
}

/** By text, not by parsing: it must hold for what does not parse as well. */
export function plainUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}
