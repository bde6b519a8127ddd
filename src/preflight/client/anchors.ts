/** The CA files that were given: by whom the gateway is judged, and by whom it judges us. */
import { isExpired } from '../../diagnosis/own-certificate.ts';
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type { FileSeen } from '../../evidence/evidence.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { type Check, failed, type Judgement, passed, skipped, warned } from '../check.ts';
import { lifeInWords } from '../life.ts';
import type { ClientSubject } from './client-subject.ts';
import { fileInWords } from './files.ts';

const noCa = 'No --ca is given.';

export const caMissing: Check<ClientSubject> = {
  code: 'ca-file-missing',
  title: 'The CA file can be read',
  judge: ({ credential: { caFile } }) => {
    if (!caFile) return skipped(noCa);
    if (caFile.error === undefined) return passed(fileInWords(caFile));
    return failed('Make it exist and readable, or correct the path.', fileInWords(caFile));
  },
};

export const caUnparsable: Check<ClientSubject> = {
  code: 'ca-file-unparsable',
  title: 'The CA file holds certificates',
  judge: ({ credential: { caFile }, caCertificates }) => {
    if (!caFile) return skipped(noCa);
    if (caFile.error !== undefined) return skipped('It could not be read.');
    if (caFile.content === undefined) return passed(`It holds ${caCertificates.length}.`);
    return failed(
      'Replace it by the PEM of the CA that issued the certificate of the gateway.',
      `${caFile.path} holds no certificate in PEM that decodes (${caFile.content}).`,
    );
  },
};

export const caExpired: Check<ClientSubject> = {
  code: 'ca-expired',
  title: 'No CA in the CA file has expired',
  judge: ({ credential: { caFile }, caCertificates, now }) =>
    caFile ? judgeAnchorDates(caCertificates, now) : skipped(noCa),
};

/** When some are left, what they issued still works. */
export function judgeAnchorDates(anchors: readonly Certificate[], now: string): Judgement {
  if (anchors.length === 0) return skipped('There is no certificate in it.');
  const seen = anchors.map(({ der }) => seeCertificate(der));
  const old = seen.filter((each) => isExpired(each, now));
  if (old.length === 0) return passed(`None of ${seen.length}.`);
  const words = old.slice(0, 8).map((each) => `${each.subject} is ${lifeInWords(each, now)}.`);
  const remedy = 'Replace the CA certificates that have expired.';
  return old.length === seen.length ? failed(remedy, ...words) : warned(remedy, ...words);
}

export const clientCaUnusable: Check<ClientSubject> = {
  code: 'client-ca-unusable',
  title: "The gateway's client CA file holds certificates",
  judge: ({ clientCa }) =>
    clientCa
      ? judgeClientCa(clientCa.seen, clientCa.certificates)
      : skipped('No --client-ca is given.'),
};

export function judgeClientCa(seen: FileSeen, certificates: readonly Certificate[]): Judgement {
  const remedy = 'Give the file of CA certificates, PEM, as the gateway has it.';
  if (seen.error !== undefined) return failed(remedy, fileInWords(seen));
  if (certificates.length > 0) {
    return passed(...certificates.slice(0, 8).map(({ subject }) => `${subject.text}.`));
  }
  return failed(remedy, `${seen.path} holds no certificate that decodes (${seen.content}).`);
}
