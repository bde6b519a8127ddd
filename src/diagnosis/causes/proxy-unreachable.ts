/** The way ends before the proxy. */
import type { Cause } from '../cause.ts';
import { dialsInWords } from '../dialling.ts';
import { failedStep, proxyInUse } from '../reading.ts';

export const proxyUnreachable: Cause = {
  code: 'proxy-unreachable',
  title: 'The proxy cannot be reached',
  side: 'proxy',
  documentation:
    'A proxy is configured, and its name does not resolve or its port does not answer. The gateway was never tried. Check the address of the proxy, or whether this target should bypass it.',
  explain({ evidence }) {
    const proxy = proxyInUse(evidence);
    const [dns, tcp] = [failedStep(evidence, 'dns'), failedStep(evidence, 'tcp')];
    if (proxy === undefined || !(dns || tcp)) return undefined;
    const how = dns
      ? `The name of the proxy ${proxy} does not resolve (${dns.error?.code ?? 'unknown'}).`
      : dialsInWords(tcp ?? { name: 'tcp', outcome: 'failed' }, evidence);
    return {
      confidence: 'certain',
      evidence: [`The target is reached through the proxy ${proxy}.`, how],
      remedy: 'Check host and port of the proxy, or exempt the gateway from it with NO_PROXY.',
    };
  },
};
