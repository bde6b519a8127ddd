/** Trust anchors, found by the name that an issuer field asks for. A store holds hundreds, so only those that are asked for are decoded. */
import { type Certificate, readCertificate } from './certificate.ts';
import { derTags, readChildren, readElement } from './der.ts';
import { isSameName, readName } from './name.ts';

export interface Anchors {
  /** Without what is no certificate. */
  readonly count: number;
  /** Those whose subject is this DER name, by the comparison of names. */
  named(name: Uint8Array): readonly Certificate[];
}

interface Anchor {
  readonly der: Uint8Array;
  readonly subject: Uint8Array;
}

export function toAnchors(certificates: readonly Uint8Array[]): Anchors {
  const anchors = certificates.flatMap((der): readonly Anchor[] => {
    const subject = subjectOf(der);
    return subject ? [{ der, subject }] : [];
  });
  let byText: ReadonlyMap<string, readonly Anchor[]> | undefined;
  /** The same octets nearly always; every name is read only where they are nowhere. */
  const find = (name: Uint8Array): readonly Anchor[] => {
    const exact = anchors.filter(({ subject }) => Buffer.compare(subject, name) === 0);
    if (exact.length > 0) return exact;
    byText ??= Map.groupBy(anchors, ({ subject }) => roughly(subject));
    return byText.get(roughly(name))?.filter(({ subject }) => isSameName(subject, name)) ?? [];
  };
  return {
    count: anchors.length,
    named: (name) =>
      find(name)
        .map(({ der }) => readCertificate(der))
        .filter((one) => one !== undefined),
  };
}

/** Alike for names that are the same, and now and then for others. */
function roughly(name: Uint8Array): string {
  return (readName(name) ?? '').toLowerCase().replace(/\s+/g, ' ');
}

/** The sixth field of a TBSCertificate, which begins with an explicit version or without one (RFC 5280 section 4.1). */
function subjectOf(der: Uint8Array): Uint8Array | undefined {
  const [tbs] = readChildren(readElement(der), derTags.sequence) ?? [];
  const fields = readChildren(tbs, derTags.sequence) ?? [];
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4];
  return subject?.tag === derTags.sequence ? subject.der : undefined;
}
