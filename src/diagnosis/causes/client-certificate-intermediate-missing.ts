/** The certificate between ours and an authority that the gateway accepts is not in our file. */
import type { CertificateSeen, Evidence } from '../../evidence/evidence.ts';
import type { Cause, Confidence, Situation } from '../cause.ts';
import { isIssuerNamed } from '../own-certificate.ts';
import { refusalInWords, refusalOf, speaksForFault } from '../refusal.ts';
import { isChainUnchanged, momentOf } from '../since-baseline.ts';

const unknownCa = 48;

export const clientCertificateIntermediateMissing: Cause = {
  code: 'client-certificate-intermediate-missing',
  title: 'Our file lacks the intermediate certificate above ours',
  side: 'delegate',
  documentation:
    'Our file ends at a certificate that an intermediate issued, the intermediate itself is not there, and the gateway knows only what stands above it. Gateways say unknown_ca, as they do for a certificate of the wrong CA; bad_certificate, certificate_unknown and HTTP 400 occur. It is proven when the missing certificate was seen elsewhere, in an earlier, accepted look or in what the gateway itself presents, and the gateway names its issuer. Without that the wrong CA remains possible: compare the authority key identifier of our certificate. Put the intermediate into the file after our certificate.',
  outranks: [
    'client-issuer-not-accepted',
    'gateway-client-ca-changed',
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
  ],
  explain(situation) {
    const { evidence, baseline } = situation;
    const refusal = refusalOf(evidence);
    const last = endOfFile(evidence);
    if (!refusal || !last || evidence.tls?.clientCertificateSent === false) return undefined;
    if (isIssuerNamed(evidence)) return undefined;
    // The same file was accepted before: then it lacks nothing that it did not lack then.
    if (baseline && isChainUnchanged(evidence, baseline)) return undefined;
    const spoken = speaksForFault(refusal, [unknownCa]);
    const missing = missingIssuer(last, situation);
    const confidence = confidenceOf(spoken, missing, evidence);
    if (!confidence) return undefined;
    return {
      confidence,
      evidence: [
        `The last certificate in our file was issued by ${last.issuer}, which is not in it.`,
        ...missingInWords(missing, situation),
        refusalInWords(refusal),
      ],
      remedy: `Add the certificate of ${last.issuer} to our certificate file, after our certificate.`,
    };
  },
};

/** The certificate whose issuer is wanted; undefined when the file reaches a root. */
function endOfFile({ credential, clientCertificate }: Evidence): CertificateSeen | undefined {
  const last = credential.chain?.at(-1) ?? clientCertificate;
  const isRoot = last?.selfSigned === true || last?.subject === last?.issuer;
  return last?.issuer === undefined || isRoot ? undefined : last;
}

interface Missing {
  readonly certificate: CertificateSeen;
  readonly from: 'gateway' | 'baseline';
}

function missingIssuer(
  last: CertificateSeen,
  { evidence, baseline }: Situation,
): Missing | undefined {
  const before = baseline?.evidence.credential.chain?.find((each) => issued(each, last));
  if (before) return { certificate: before, from: 'baseline' };
  const sent = [evidence, ...(baseline ? [baseline.evidence] : [])].flatMap(
    ({ tls }) => tls?.serverCertificates ?? [],
  );
  const certificate = sent.find((each) => issued(each, last));
  return certificate && { certificate, from: 'gateway' };
}

function issued(issuer: CertificateSeen, subject: CertificateSeen): boolean {
  if (issuer.subject === undefined || issuer.selfSigned === true) return false;
  if (issuer.subject.toLowerCase() !== subject.issuer?.toLowerCase()) return false;
  const [wanted, offered] = [subject.authorityKeyIdentifier, issuer.subjectKeyIdentifier];
  return wanted === undefined || offered === undefined || wanted === offered;
}

function confidenceOf(
  spoken: Confidence,
  missing: Missing | undefined,
  evidence: Evidence,
): Confidence | undefined {
  const isLikely = spoken === 'likely' && isIssuerNamed(evidence) === false;
  if (!missing) return spoken === 'certain' || isLikely ? 'possible' : undefined;
  const named = evidence.tls?.certificateAuthorities ?? [];
  const above = missing.certificate.issuer?.toLowerCase();
  const isAboveNamed = named.some((name) => name.toLowerCase() === above);
  if (named.length > 0 && !isAboveNamed) return undefined;
  return isAboveNamed ? spoken : spoken === 'certain' ? 'likely' : 'possible';
}

function missingInWords(
  missing: Missing | undefined,
  { evidence, baseline }: Situation,
): readonly string[] {
  if (!missing) return ['The certificate of that issuer was not seen anywhere.'];
  const { certificate, from } = missing;
  const above = `it was issued by ${certificate.issuer ?? 'an unknown authority'}`;
  const where =
    from === 'baseline' && baseline
      ? `It stood in our file at ${momentOf(baseline, evidence)}`
      : 'The gateway itself presents it';
  const named = evidence.tls?.certificateAuthorities?.length ? ', which the gateway accepts' : '';
  return [`${where}; ${above}${named}.`];
}
