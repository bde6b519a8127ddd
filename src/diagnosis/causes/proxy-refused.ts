/** The proxy does not let us through. */
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

const othersSpeakOf: readonly number[] = [401, 407, 502, 503, 504];

export const proxyRefused: Cause = {
  code: 'proxy-refused',
  title: 'The proxy refuses to connect to the gateway',
  side: 'proxy',
  documentation:
    'The proxy answered CONNECT with a refusal such as 403: its rules do not allow this host or this port. Proxies often allow 443 only, and newer gateways use 8443. Have the host and port allowed.',
  explain({ evidence }) {
    const status = evidence.proxy?.status;
    if (status === undefined || !failedStep(evidence, 'proxy')) return undefined;
    if (othersSpeakOf.includes(status)) return undefined;
    const { host, port } = evidence.target;
    const via = evidence.proxy?.via;
    return {
      confidence: status >= 400 && status < 500 ? 'certain' : 'likely',
      evidence: [
        `The proxy answered CONNECT with ${status}${via === undefined ? '' : ` (Via: ${via})`}.`,
      ],
      remedy: `Have the proxy allow CONNECT to ${host} port ${port}.`,
    };
  },
};
