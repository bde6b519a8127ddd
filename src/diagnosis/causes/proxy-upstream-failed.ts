/** The proxy lets us through and does not get there itself. */
import type { Cause } from '../cause.ts';

const upstreamFailures: readonly number[] = [502, 503, 504];

export const proxyUpstreamFailed: Cause = {
  code: 'proxy-upstream-failed',
  title: 'The proxy cannot reach the gateway',
  side: 'proxy',
  documentation:
    'The proxy answered CONNECT with 502, 503 or 504: it tried, and its own name resolution or route to the gateway failed. Ask its operators to resolve and dial the gateway from the proxy.',
  explain({ evidence }) {
    const status = evidence.proxy?.status;
    if (status === undefined || !upstreamFailures.includes(status)) return undefined;
    const { host, port } = evidence.target;
    return {
      confidence: status === 503 ? 'likely' : 'certain',
      evidence: [`The proxy answered CONNECT to ${host}:${port} with ${status}.`],
      remedy: `Ask the operators of the proxy to check its way to ${host} port ${port}.`,
    };
  },
};
