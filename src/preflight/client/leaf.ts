/** What every check of the certificate begins with: that there is one. */
import { type Check, type Judgement, skipped } from '../check.ts';
import type { ClientSubject, Leaf } from './client-subject.ts';

export const noCertificate = 'No certificate could be read.';

export function ofLeaf(
  code: string,
  title: string,
  judge: (leaf: Leaf, subject: ClientSubject) => Judgement,
): Check<ClientSubject> {
  return {
    code,
    title,
    judge: (subject) => (subject.leaf ? judge(subject.leaf, subject) : skipped(noCertificate)),
  };
}
