/** What lacks between a path of certificates and the authorities that are to be reached. */
import type { Certificate } from '../x509/certificate.ts';
import { isSameName } from '../x509/name.ts';
import { buildPath, type CertificationPath } from '../x509/path.ts';

/** `intermediate`: a certificate of the same house is not there; `issuer`: the authority is another one. */
export type Gap = 'intermediate' | 'issuer';

/** Undefined when there is none, or none can be known. Without `anchors`, what the file itself shows counts. */
export function findGap(path: CertificationPath, anchors: readonly Certificate[]): Gap | undefined {
  const end = path.path.at(-1);
  if (!end) return undefined;
  if (anchors.length === 0) return isGapInFile(path, end) ? 'intermediate' : undefined;
  if (reaches(path, anchors)) return undefined;
  if (end.isSelfIssued) return 'issuer';
  if (path.strays.some((stray) => isAmong(stray, anchors))) return 'intermediate';
  if (anchors.some(({ subject }) => isSameName(subject.der, end.issuer.der))) return 'issuer';
  return anchors.some((anchor) => isOfSameHouse(end, anchor)) ? 'intermediate' : 'issuer';
}

/** The file goes on with an authority of the same house that did not issue what comes before it. */
function isGapInFile({ strays }: CertificationPath, end: Certificate): boolean {
  if (end.isSelfIssued) return false;
  return strays.some((stray) => stray.extensions.isCa === true && isOfSameHouse(end, stray));
}

function reaches({ path }: CertificationPath, anchors: readonly Certificate[]): boolean {
  const extended = buildPath([...path, ...anchors], path[0]).path;
  return extended.some((each) => isAmong(each, anchors));
}

function isAmong({ sha256 }: Certificate, anchors: readonly Certificate[]): boolean {
  return anchors.some((anchor) => anchor.sha256 === sha256);
}

/**
 * A certificate whose issuer nobody has may come from the wrong CA, or from an intermediate of the right one. Where the
 * names agree in all but the common name, the second is meant.
 */
function isOfSameHouse(end: Certificate, authority: Certificate): boolean {
  const [one, other] = [end.issuer.text, authority.subject.text].map(withoutCommonName);
  return one !== undefined && one !== '' && one === other;
}

function withoutCommonName(name: string): string {
  const attributes = name.split(/(?<!\\),/).filter((attribute) => !attribute.startsWith('CN='));
  return attributes.join(',').toLowerCase();
}
