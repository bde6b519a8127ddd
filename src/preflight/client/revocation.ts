/** Whether a revocation list that was given names one of the certificates, and whether it can be relied upon. */
import { isoTime } from '../../base/clock.ts';
import { epochMs } from '../../diagnosis/time.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { type Crl, isCrlOf } from '../../x509/crl.ts';
import { isSameName } from '../../x509/name.ts';
import { type Check, failed, type Judgement, passed, skipped, warned } from '../check.ts';
import type { ClientSubject } from './client-subject.ts';
import { noCertificate } from './leaf.ts';

const notGiven = 'No --crl is given.';

interface Listed {
  readonly certificate: Certificate;
  readonly crl: Crl;
}

/** The leaf and what stands above it, each with the lists that bear its issuer's name. */
function listsFor({ path, crl }: ClientSubject): readonly Listed[] {
  const lists = crl?.lists.filter((list) => list !== undefined) ?? [];
  return path.path.flatMap((certificate) =>
    lists
      .filter((list) => isSameName(list.issuer.der, certificate.issuer.der))
      .map((list) => ({ certificate, crl: list })),
  );
}

function onLists(judge: (subject: ClientSubject, listed: readonly Listed[]) => Judgement) {
  return (subject: ClientSubject): Judgement => {
    if (!subject.crl) return skipped(notGiven);
    if (!subject.leaf) return skipped(noCertificate);
    const listed = listsFor(subject);
    return judge(subject, listed);
  };
}

export const crlUnusable: Check<ClientSubject> = {
  code: 'crl-unusable',
  title: 'The revocation list is whole, and of the issuer',
  judge: onLists((subject, listed) => {
    const { seen, lists } = subject.crl ?? { seen: { path: '' }, lists: [] };
    if (seen.error !== undefined) return failed(remedy, `${seen.path}: ${seen.error}`);
    if (lists.includes(undefined)) return failed(remedy, `${seen.path} holds no CRL that decodes.`);
    const issuer = subject.leaf?.certificate.issuer.text;
    const ofLeaf = listed.filter(({ certificate }) => certificate === subject.leaf?.certificate);
    if (ofLeaf.length === 0) return failed(remedy, `${seen.path} holds no list of ${issuer}.`);
    const forged = listed.filter((each) => isProvenBy(each, subject) === false);
    if (forged.length > 0) {
      return failed(
        remedy,
        ...forged.map(({ crl }) => `The list of ${crl.issuer.text} is not signed by its key.`),
      );
    }
    const isProven = ofLeaf.every((each) => isProvenBy(each, subject) === true);
    return passed(
      `It was issued by ${issuer}.`,
      isProven
        ? 'Its signature holds.'
        : 'Its signature was not verified: the certificate of its issuer is not at hand.',
    );
  }),
};

const remedy = 'Fetch the current CRL from the CA that issued the certificate.';

/** Undefined when nobody at hand bears the issuer's name. */
function isProvenBy({ crl }: Listed, { path, clientCa }: ClientSubject): boolean | undefined {
  const named = [...path.path, ...path.strays, ...(clientCa?.certificates ?? [])].filter((each) =>
    isSameName(each.subject.der, crl.issuer.der),
  );
  return named.length === 0 ? undefined : named.some((issuer) => isCrlOf(crl, issuer));
}

export const crlNotYetValid = timely(
  'crl-not-yet-valid',
  'The revocation list is valid already',
  'Check the clocks here and at the CA, and fetch the current CRL: with one from the future gateways refuse everybody.',
  ({ thisUpdateMs }, nowMs) => thisUpdateMs > nowMs,
);

export const crlOutdated = timely(
  'gateway-crl-outdated',
  'The revocation list is not outdated',
  'Fetch a current CRL, and have the gateway do so: one that is outdated makes gateways refuse everybody.',
  ({ nextUpdateMs = Number.POSITIVE_INFINITY }, nowMs) => nextUpdateMs < nowMs,
);

/** A warning, for the gateway may have another list than the one given. */
function timely(
  code: string,
  title: string,
  next: string,
  isUntimely: (crl: Crl, nowMs: number) => boolean,
): Check<ClientSubject> {
  return {
    code,
    title,
    judge: onLists(({ now }, listed) => {
      if (listed.length === 0) return skipped('There is no list of the issuer.');
      const untimely = listed.filter(({ crl }) => isUntimely(crl, epochMs(now) ?? 0));
      if (untimely.length === 0) return passed(...listed.map(({ crl }) => updateInWords(crl)));
      const words = untimely.map(({ crl }) => updateInWords(crl));
      return warned(next, ...words, `The clock here says ${now}.`);
    }),
  };
}

function updateInWords({ issuer, thisUpdateMs, nextUpdateMs }: Crl): string {
  const next = nextUpdateMs === undefined ? 'none' : isoTime(nextUpdateMs);
  return `The list of ${issuer.text} was made on ${isoTime(thisUpdateMs)}; the next is due on ${next}.`;
}

export const certificateRevoked: Check<ClientSubject> = {
  code: 'client-certificate-revoked',
  title: 'The revocation list does not name the certificate',
  judge: onLists((subject, listed) => {
    const proven = listed.filter((each) => isProvenBy(each, subject) !== false);
    if (proven.length === 0) return skipped('There is no list of the issuer to rely upon.');
    const revoked = proven.flatMap(({ certificate, crl }) => {
      const at = crl.revoked.get(certificate.serialNumber);
      return at === undefined ? [] : [`${certificate.subject.text} was revoked on ${isoTime(at)}.`];
    });
    if (revoked.length === 0) return passed(`${subject.leaf?.seen.serialNumber} is not on it.`);
    return failed(
      'Have a new certificate issued, and ask the CA why this one was revoked.',
      ...revoked,
    );
  }),
};
