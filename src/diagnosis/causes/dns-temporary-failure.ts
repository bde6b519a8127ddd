/** The resolver did not answer, or could not. */
import type { Cause } from '../cause.ts';
import { failedTowardsTarget } from '../reading.ts';

const notFound: readonly string[] = ['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA'];

export const dnsTemporaryFailure: Cause = {
  code: 'dns-temporary-failure',
  title: 'The name of the gateway cannot be resolved at the moment',
  side: 'network',
  documentation:
    'The resolver gave no answer, or said that it cannot answer now. That says nothing about the name. Look again; when it lasts, check that this machine reaches its resolver.',
  explain(situation) {
    const step = failedTowardsTarget(situation.evidence, 'dns');
    if (!step || notFound.includes(step.error?.code ?? '')) return undefined;
    const code = step.error?.code ?? 'unknown';
    return {
      confidence: code === 'EAI_AGAIN' || code === 'TIMEOUT' ? 'certain' : 'likely',
      evidence: [`Resolving ${step.host ?? situation.evidence.target.host} failed (${code}).`],
      remedy: 'Check that this machine reaches its resolver (/etc/resolv.conf), then look again.',
    };
  },
};
