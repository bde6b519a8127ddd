/** What listens at the proxy's address is no HTTP proxy. */
import type { Cause } from '../cause.ts';
import { firstOctetsInWords } from '../handshake.ts';
import { failedStep } from '../reading.ts';

export const proxyNotHttp: Cause = {
  code: 'proxy-not-http',
  title: 'What listens at the address of the proxy is no HTTP proxy',
  side: 'proxy',
  documentation:
    'The answer to CONNECT was not HTTP, or the connection ended without one. Either another service listens at that address, or the proxy wants TLS and was spoken to in clear. Check address, port and scheme of the proxy.',
  explain({ evidence }) {
    const step = failedStep(evidence, 'proxy');
    if (!step || evidence.proxy?.status !== undefined || step.error?.code === 'TIMEOUT')
      return undefined;
    const notHttp = evidence.proxy?.notHttp;
    return {
      confidence: notHttp ? 'certain' : 'possible',
      evidence: [
        notHttp
          ? firstOctetsInWords(notHttp)
          : `The proxy gave no HTTP answer to CONNECT (${step.error?.code ?? 'unknown'}).`,
      ],
      remedy: 'Check host, port and scheme (http or https) of the proxy.',
    };
  },
};
