/** What a close code, or the refusal of an upgrade, means for the reports that wait; the same verdicts as over HTTPS. */
import type { Carried } from '../../delivery/carrier.ts';
import { troubleOfStatus } from '../../delivery/trouble.ts';
import { closeCodes } from './protocol.ts';

/** While a batch was in flight. */
export function carriedByClose(code: number): Carried {
  const reason = `websocket-${code}`;
  switch (code) {
    case closeCodes.unauthorized:
      return { verdict: 'pause', trouble: { code: 'unauthorized' } };
    case closeCodes.invalidPayload:
    case closeCodes.messageTooBig:
      return { verdict: 'split', trouble: { code: 'reports-refused' }, reason };
    case closeCodes.serviceRestart:
    case closeCodes.tryAgainLater:
      return { verdict: 'retry', trouble: { code: 'overloaded' } };
    default:
      return { verdict: 'retry', trouble: { code: 'unreachable', error: `WEBSOCKET_${code}` } };
  }
}

/** Undefined: this answer is none of home's to an upgrade, so WebSockets do not get through to it. */
export function carriedByRefusal(status: number, retryAfterMs?: number): Carried | undefined {
  const trouble = troubleOfStatus(status);
  switch (status) {
    case 401:
    case 403:
      return { verdict: 'pause', trouble };
    case 410:
      return { verdict: 'stop', trouble, reason: 'http-410' };
    case 408:
    case 425:
    case 429:
    case 503:
      return { verdict: 'retry', trouble, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    default:
      return undefined;
  }
}
