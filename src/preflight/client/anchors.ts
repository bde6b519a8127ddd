/** The CA files that were given: by whom the gateway is judged, and by whom it judges us. */
import { isExpired } from '../../diagnosis/own-certificate.ts';
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { type Check, failed, type Judgement, passed, skipped, warned } from '../check.ts';
import { lifeInWords } from '../life.ts';
import { anchorsInWords } from '../path-words.ts';
import { pemFaultInWords } from '../pem-fault-words.ts';
import type { Anchors, ClientSubject } from './client-subject.ts';
import { fileInWords } from './files.ts';
import { ofLeaf } from './leaf.ts';
import { wordsOf } from './path-faults.ts';

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
  judge: ({ clientCa }) => (clientCa ? judgeClientCa(clientCa) : skipped(noClientCa)),
};

export function judgeClientCa({ seen, certificates, pemFault }: Anchors): Judgement {
  const remedy = 'Give the file of CA certificates, PEM, as the gateway has it.';
  if (seen.error !== undefined) return failed(remedy, fileInWords(seen));
  if (certificates.length === 0) {
    return failed(remedy, `${seen.path} holds no certificate that decodes (${seen.content}).`);
  }
  if (pemFault) {
    return failed(
      'Write the file again, with every certificate whole: a gateway that cannot load it knows no client.',
      pemFaultInWords(pemFault, seen.path),
    );
  }
  return passed(...certificates.slice(0, 8).map(({ subject }) => `${subject.text}.`));
}

const noClientCa = 'No --client-ca is given.';

export const clientCaExpired = ofClientCa(
  'client-ca-expired',
  'No client CA that the path needs has expired',
  'Have the gateway put the renewed CA into its client CA file.',
);

export const clientCaNotYetValid = ofClientCa(
  'client-ca-not-yet-valid',
  'Every client CA that the path needs is valid already',
  'Wait with the rollout of this CA, or have it issued again.',
);

export const clientCaNoAuthority = ofClientCa(
  'client-ca-no-authority',
  'The client CA that the path needs may issue it, and its root is there',
  'Have the gateway put CA certificates into its client CA file, up to their root.',
);

/** Only what this path rests upon: the gateway may have more. */
function ofClientCa(code: string, title: string, remedy: string): Check<ClientSubject> {
  return ofLeaf(code, title, (_, subject) => {
    const { clientCa, verdict } = subject;
    if (!clientCa) return skipped(noClientCa);
    if (clientCa.certificates.length === 0) return skipped('It holds no certificate.');
    const wrong = wordsOf(subject, code);
    if (wrong.length > 0) {
      return failed(remedy, ...wrong, `The gateway has ${anchorsInWords(clientCa.certificates)}.`);
    }
    const needed = verdict?.path.slice(verdict.ownFrom) ?? [];
    if (needed.length === 0) return skipped('The path reaches none of them.');
    return passed(`It rests upon ${anchorsInWords(needed)}.`);
  });
}
