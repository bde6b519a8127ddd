/** The dates of the certificate, and of those between it and its root. */
import { isExpired, isNotYetValid } from '../../diagnosis/own-certificate.ts';
import { isBefore } from '../../diagnosis/time.ts';
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type { CertificateSeen } from '../../evidence/evidence.ts';
import { type Check, failed, passed, skipped, warned } from '../check.ts';
import { expiresSoon, lifeInWords } from '../life.ts';
import type { ClientSubject } from './client-subject.ts';
import { noCertificate, ofLeaf } from './leaf.ts';

export const certificateExpired = ofLeaf(
  'client-certificate-expired',
  'The certificate has not expired',
  ({ seen }, { now }) =>
    isExpired(seen, now)
      ? failed('Renew the certificate.', `It is ${lifeInWords(seen, now)}.`)
      : passed(`It is ${lifeInWords(seen, now)}.`),
);

export const certificateNotYetValid = ofLeaf(
  'client-certificate-not-yet-valid',
  'The certificate is valid already',
  ({ seen }, { now }) => {
    if (isExpired(seen, now)) return skipped('It has expired.');
    if (!isNotYetValid(seen, now)) return passed(`It began on ${seen.notBefore}.`);
    return failed(
      'Check the clock of this machine; if it is right, have the certificate issued again.',
      `It is ${lifeInWords(seen, now)}; the clock here says ${now}.`,
    );
  },
);

export const certificateExpiresSoon = ofLeaf(
  'client-certificate-expires-soon',
  'The certificate does not expire soon',
  ({ seen }, { now }) => {
    if (isExpired(seen, now)) return skipped('It has expired.');
    if (!expiresSoon(seen, now)) return passed(`It is ${lifeInWords(seen, now)}.`);
    return warned(
      'Renew the certificate before this one is rolled out.',
      `It is ${lifeInWords(seen, now)}.`,
    );
  },
);

/** Above the leaf; without a root, for the gateway uses its own. */
function intermediatesOf({ verdict }: ClientSubject): readonly CertificateSeen[] {
  return (verdict?.path.slice(1, verdict.ownFrom) ?? [])
    .filter(({ isSelfIssued }) => !isSelfIssued)
    .map(({ der }) => seeCertificate(der));
}

function ofIntermediates(
  code: string,
  title: string,
  remedy: string,
  breaks: typeof failed,
  isFaulty: (intermediate: CertificateSeen, subject: ClientSubject) => boolean,
): Check<ClientSubject> {
  return {
    code,
    title,
    judge: (subject) => {
      if (!subject.leaf) return skipped(noCertificate);
      const all = intermediatesOf(subject);
      if (all.length === 0) return skipped('There is no intermediate in the file.');
      const faulty = all.filter((each) => isFaulty(each, subject));
      const words = (each: CertificateSeen): string =>
        `${each.subject ?? each.sha256} is ${lifeInWords(each, subject.now)}.`;
      return faulty.length === 0 ? passed(...all.map(words)) : breaks(remedy, ...faulty.map(words));
    },
  };
}

export const intermediateExpired = ofIntermediates(
  'client-intermediate-expired',
  'No intermediate has expired',
  'Put the renewed intermediate into the certificate file, after the certificate.',
  failed,
  (each, { now }) => isExpired(each, now),
);

export const intermediateNotYetValid = ofIntermediates(
  'client-intermediate-not-yet-valid',
  'Every intermediate is valid already',
  'Check the clock of this machine; if it is right, have the intermediate issued again.',
  failed,
  (each, { now }) => !isExpired(each, now) && isNotYetValid(each, now),
);

/** What has expired is told by another check. */
export const intermediateExpiresFirst = ofIntermediates(
  'client-intermediate-expires-first',
  'No intermediate ends before the certificate does',
  'Have the CA renew the intermediate before it ends: the certificate stops working with it.',
  warned,
  (each, { now, leaf }) => !isExpired(each, now) && isBefore(each.notAfter, leaf?.seen.notAfter),
);
