/** Our file holds more than a path in its order. */
import type { CertificateSeen, Evidence } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { refusedFault } from '../own-certificate.ts';
import { refusalInWords } from '../refusal.ts';
import { isChainUnchanged } from '../since-baseline.ts';

const unknownCa = 48;

export const clientCertificateChainOrder: Cause = {
  code: 'client-certificate-chain-order',
  title: 'The certificates in our file are out of order',
  side: 'delegate',
  documentation:
    'In our file each certificate should be followed by the one that issued it, and somewhere it is not: blocks are swapped, or one belongs to another path. TLS 1.3 lets a gateway sort them, and strict ones refuse all the same, with unknown_ca or an alert that tells no reason; so it is never more than likely. An intermediate that is not there at all is client-certificate-intermediate-missing. Sort the file: our certificate, then its issuer, and so on.',
  outranks: ['gateway-refused-our-certificate', 'client-certificate-refused-by-http'],
  explain(situation) {
    const { evidence, baseline } = situation;
    const gap = firstGap(evidence);
    if (!gap || (baseline && isChainUnchanged(evidence, baseline))) return undefined;
    const fault = refusedFault(situation, {
      isFaulty: () => true,
      naming: [unknownCa],
      comesWithTime: true,
    });
    if (!fault) return undefined;
    return {
      confidence: fault.confidence === 'possible' ? 'possible' : 'likely',
      evidence: [
        `In our file ${gap.of} is followed by ${gap.by}, which did not issue it.`,
        refusalInWords(fault.refusal),
      ],
      remedy:
        'Sort our certificate file: our certificate first, then each issuer after what it issued.',
    };
  },
};

interface Gap {
  readonly of: string;
  readonly by: string;
}

/** Only where the leaf stands first, for else the path is sorted before it is sent. */
function firstGap({ credential: { chain = [] }, clientCertificate }: Evidence): Gap | undefined {
  if (chain.length < 2 || chain[0]?.sha256 !== clientCertificate?.sha256) return undefined;
  const at = chain.findIndex((each, index) => {
    const next = chain[index + 1];
    return next !== undefined && !mayHaveIssued(next, each);
  });
  const [of, by] = [chain[at], chain[at + 1]];
  return of && by && { of: of.subject ?? of.sha256, by: by.subject ?? by.sha256 };
}

function mayHaveIssued(issuer: CertificateSeen, subject: CertificateSeen): boolean {
  if (issuer.subject === undefined || subject.issuer === undefined) return true;
  return issuer.subject.toLowerCase() === subject.issuer.toLowerCase();
}
