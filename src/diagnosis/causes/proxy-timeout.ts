/** The proxy accepted the connection and never answered. */
import type { Cause } from '../cause.ts';
import { failedStep } from '../reading.ts';

export const proxyTimeout: Cause = {
  code: 'proxy-timeout',
  title: 'The proxy does not answer',
  side: 'proxy',
  documentation:
    'The proxy accepted the connection and gave no answer to CONNECT in time. It may be overloaded, or it waits for a gateway that does not answer it. Look again, then ask its operators.',
  explain({ evidence }) {
    const step = failedStep(evidence, 'proxy');
    if (step?.error?.code !== 'TIMEOUT' || evidence.proxy?.status !== undefined) return undefined;
    if (evidence.proxy?.notHttp) return undefined;
    return {
      confidence: evidence.proxy?.secured === false ? 'possible' : 'certain',
      evidence: [
        `The proxy ${evidence.target.proxy ?? ''} accepted the connection and did not answer CONNECT.`,
      ],
      remedy: 'Ask the operators of the proxy whether it is healthy and reaches the gateway.',
    };
  },
};
