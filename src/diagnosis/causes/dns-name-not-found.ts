/** The resolver says that the name does not exist. */
import type { Cause } from '../cause.ts';
import { failedTowardsTarget } from '../reading.ts';

const notFound: readonly string[] = ['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA'];

export const dnsNameNotFound: Cause = {
  code: 'dns-name-not-found',
  title: 'The name of the gateway does not exist',
  side: 'network',
  documentation:
    'The resolver answered that the name has no address. Either the name is misspelt, or this network uses a resolver that does not know it. Compare the name letter by letter, then ask the resolver for it from this machine.',
  explain(situation) {
    const step = failedTowardsTarget(situation.evidence, 'dns');
    if (!step?.error || !notFound.includes(step.error.code)) return undefined;
    const host = step.host ?? situation.evidence.target.host;
    return {
      confidence: 'certain',
      evidence: [`The resolver has no address for ${host} (${step.error.code}).`],
      remedy: `Check the spelling of ${host}, and that the resolver of this machine knows it.`,
    };
  },
};
