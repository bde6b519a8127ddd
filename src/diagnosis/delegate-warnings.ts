/** What stops the Java delegate where it does not stop us. */
import type { Situation } from './cause.ts';
import { clientKeyUnusableByDelegate } from './causes/client-key-unusable-by-delegate.ts';
import { trustStoresDisagree } from './causes/trust-stores-disagree.ts';
import { delegateKeyFaults } from './delegate-key.ts';
import { refusedByFips, sendsNoCertificate } from './delegate-view.ts';
import { anchorsInWords, storeInWords, trustsAlone } from './trust-disagreement.ts';
import type { Warning } from './warning.ts';

export function delegateKeyUnusable({ evidence }: Situation): Warning | undefined {
  const faults = delegateKeyFaults(evidence);
  const { code, title } = clientKeyUnusableByDelegate;
  return faults.length === 0 ? undefined : { code, title, evidence: faults.join(' ') };
}

export function trustDisagrees({ evidence }: Situation): Warning | undefined {
  const alone = trustsAlone(evidence);
  if (!alone) return undefined;
  const [ours, theirs] = [anchorsInWords(evidence), storeInWords(evidence)];
  const { code, title } = trustStoresDisagree;
  return {
    code,
    title,
    evidence:
      alone === 'us'
        ? `We trust the server by ${ours}; the delegate does not, by ${theirs}.`
        : `The delegate trusts the server by ${theirs}; we do not, by ${ours}.`,
  };
}

export function delegateSendsNone({ evidence }: Situation): Warning | undefined {
  const view = evidence.delegate && sendsNoCertificate(evidence);
  if (!view || view.outcome === 'accepted') return undefined;
  const title = 'The delegate sends no certificate to this gateway';
  return { code: 'delegate-sends-no-certificate', title, evidence: view.because };
}

export function delegateRefusesWeak({ evidence }: Situation): Warning | undefined {
  const view = refusedByFips(evidence);
  const title = "The delegate's FIPS rules refuse what we take";
  return view && { code: 'delegate-fips-refuses', title, evidence: view.because };
}
