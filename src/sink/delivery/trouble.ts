/** What stands between the spool and a receiver, in words that hold no secret and no peer's text. */
import { errorCode } from '../../base/cannot-run.ts';
import { DatabaseUnusable } from '../../state/open-database.ts';
import { CredentialUnreadable } from '../home/home-credential.ts';

export type TroubleCode =
  | 'none' // what was wrong is over
  | 'unreachable' // network or TLS; `error` says which
  | 'timeout'
  | 'unauthorized' // 401, 403
  | 'not-found' // 404
  | 'overloaded' // 429, 503
  | 'server-error' // other 5xx
  | 'redirected' // 3xx: not followed
  | 'reports-refused' // 400, 413, 415, 422: set aside
  | 'unexpected-status'
  | 'gone' // 410: delivery has ended
  | 'credential-unreadable' // a token, CA, certificate or key file; `error` says why
  | 'spool-failed'; // the database; `error` says why

export interface Trouble {
  readonly code: TroubleCode;
  readonly status?: number;
  /** errno, or the code of Node, OpenSSL or undici. */
  readonly error?: string;
}

export function troubleOfStatus(status: number): Trouble {
  return { code: codeOfStatus(status), status };
}

function codeOfStatus(status: number): TroubleCode {
  const known = byStatus[status];
  if (known) return known;
  if (status >= 500) return 'server-error';
  return status >= 300 && status < 400 ? 'redirected' : 'unexpected-status';
}

const byStatus: Readonly<Record<number, TroubleCode>> = {
  400: 'reports-refused',
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'not-found',
  408: 'timeout',
  410: 'gone',
  413: 'reports-refused',
  415: 'reports-refused',
  422: 'reports-refused',
  429: 'overloaded',
  503: 'overloaded',
};

export function troubleOfError(error: unknown): Trouble {
  if (error instanceof CredentialUnreadable) {
    return { code: 'credential-unreadable', error: error.code };
  }
  if (error instanceof DatabaseUnusable) return { code: 'spool-failed', error: error.fault };
  const code = deepestCode(error);
  if (error instanceof DOMException && error.name === 'TimeoutError') return { code: 'timeout' };
  if (code === 'ERR_SQLITE_ERROR') {
    return { code: 'spool-failed', error: `SQLITE_${(error as { errcode?: number }).errcode}` };
  }
  return { code: 'unreachable', error: code };
}

/** A dial of several addresses fails with one error for each; a proxy's failure stands behind another. */
function deepestCode(error: unknown, depth = 0): string {
  const { errors, cause } = (error ?? {}) as { errors?: unknown[]; cause?: unknown };
  const inner = errors?.[0] ?? cause;
  if (depth < 5 && inner !== undefined) {
    const code = deepestCode(inner, depth + 1);
    if (code !== 'UNKNOWN') return code;
  }
  return errorCode(error);
}
