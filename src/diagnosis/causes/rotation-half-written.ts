/** Only one of our two files has been replaced so far. */
import type { Evidence, FileSeen } from '../../evidence/evidence.ts';
import type { Baseline } from '../baseline.ts';
import type { Cause, Confidence } from '../cause.ts';
import { localConfidence } from '../local-files.ts';
import { momentOf } from '../since-baseline.ts';
import { epochMs } from '../time.ts';

/** A writer that needs longer between its two files was interrupted. */
const settlingMs = 10 * 60_000;
/** Files of one issue are written closer together than this. */
const apartMs = 60_000;

export const rotationHalfWritten: Cause = {
  code: 'rotation-half-written',
  title: 'Only one of our certificate and key files was replaced',
  side: 'delegate',
  documentation:
    'Certificate and key do not belong together, and their files changed at different times: one was replaced and the other not yet. It is certain when an accepted look saw the pair match and only one of the two files has changed since, and likely when one changed just before this look and the other long before it. A pair that never matched, or does not match long after both were written, is client-key-mismatch. Look again when the writer is done; swap both files at once, as Kubernetes does with its ..data link.',
  outranks: ['client-key-mismatch', 'client-certificate-not-sent', 'client-certificate-unparsable'],
  explain(situation) {
    const { evidence, baseline } = situation;
    const { credential } = evidence;
    if (credential.keyMatchesCertificate !== false || !localConfidence(situation)) return undefined;
    const [certificate, key] = [credential.certificateFile, credential.keyFile];
    const confidence = confidenceOf(evidence, baseline);
    if (!confidence || !certificate?.modifiedAt || !key?.modifiedAt) return undefined;
    return {
      confidence,
      evidence: [
        `${certificate.path} changed at ${certificate.modifiedAt}, ${key.path} at ${key.modifiedAt}, and they do not belong together.`,
        ...(confidence === 'certain' && baseline
          ? [`At ${momentOf(baseline, evidence)} they did, and only one of them has changed since.`]
          : []),
      ],
      remedy:
        'Look again when both files are replaced; swap them at once (a ..data symbolic link).',
    };
  },
};

function confidenceOf(evidence: Evidence, baseline: Baseline | undefined): Confidence | undefined {
  const { certificateFile, keyFile } = evidence.credential;
  const before = baseline?.evidence.credential;
  if (before?.keyMatchesCertificate === true) {
    const changed = [
      hasChanged(before.certificateFile, certificateFile),
      hasChanged(before.keyFile, keyFile),
    ];
    if (changed.includes(true) && changed.includes(false)) return 'certain';
  }
  return isWritingNow(evidence.time, certificateFile, keyFile) ? 'likely' : undefined;
}

function hasChanged(before: FileSeen | undefined, now: FileSeen | undefined): boolean | undefined {
  const [then, since] = [before?.modifiedAt, now?.modifiedAt];
  return then === undefined || since === undefined ? undefined : then !== since;
}

function isWritingNow(time: string, ...files: readonly (FileSeen | undefined)[]): boolean {
  const now = epochMs(time);
  const [one, other] = files.map((file) => epochMs(file?.modifiedAt));
  if (now === undefined || one === undefined || other === undefined) return false;
  if (Math.abs(one - other) < apartMs) return false;
  const ageMs = now - Math.max(one, other);
  return ageMs >= 0 && ageMs < settlingMs;
}
