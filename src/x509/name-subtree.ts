/** Whether a name lies below another, kind by kind, as name constraints mean it (RFC 5280 section 4.2.1.10). */
import { type DerElement, derTags, readChildren, readElement } from './der.ts';
import { isSameName } from './name.ts';

/** A GeneralName: the number of its kind, and its content. */
export interface GeneralName {
  readonly kind: number;
  readonly content: Uint8Array;
}

export function toGeneralName({ tag, content }: DerElement): GeneralName {
  return { kind: tag & 0x1f, content };
}

/** Context tags of RFC 5280 section 4.2.1.6. */
export const kinds = { email: 1, dns: 2, directory: 4, uri: 6, address: 7 } as const;

/** Whether a name lies in the subtree below a base; names of other kinds than these lie in none. */
export function isWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.kind !== base.kind) return false;
  switch (name.kind) {
    case kinds.dns:
      return isHostWithin(textOf(name), textOf(base));
    case kinds.email:
      return isMailboxWithin(textOf(name), textOf(base));
    case kinds.uri:
      return isHostOf(hostOfUri(textOf(name)), textOf(base));
    case kinds.address:
      return isAddressWithin(name.content, base.content);
    case kinds.directory:
      return isBelow(name.content, base.content);
    default:
      return false;
  }
}

export const textOf = ({ content }: GeneralName): string => Buffer.from(content).toString('latin1');

/** Zero or more labels added on the left; a leading dot asks for one at least. */
function isHostWithin(host: string, base: string): boolean {
  const [one, other] = [host.toLowerCase(), base.toLowerCase()];
  if (other === '' || one === other) return true;
  return one.endsWith(other.startsWith('.') ? other : `.${other}`);
}

/** A mailbox, all mailboxes of a host, or, after a dot, of all hosts in a domain. */
function isMailboxWithin(mailbox: string, base: string): boolean {
  const at = mailbox.lastIndexOf('@');
  const wanted = base.lastIndexOf('@');
  const isSameLocal = wanted <= 0 || mailbox.slice(0, at) === base.slice(0, wanted);
  return at >= 0 && isSameLocal && isHostOf(mailbox.slice(at + 1), base.slice(wanted + 1));
}

function isHostOf(host: string | undefined, base: string): boolean {
  if (host === undefined) return false;
  const [one, other] = [host.toLowerCase(), base.toLowerCase()];
  return other.startsWith('.') ? one.endsWith(other) && one !== other : one === other;
}

function hostOfUri(uri: string): string | undefined {
  return /^[^:/?#]+:\/\/(?:[^/?#@]*@)?([^/?#:]+)/.exec(uri)?.[1];
}

/** The base is an address and its mask. */
function isAddressWithin(address: Uint8Array, base: Uint8Array): boolean {
  const { length } = address;
  if (base.length !== 2 * length) return false;
  return address.every((octet, at) => {
    const mask = base[length + at] ?? 0;
    return (octet & mask) === ((base[at] ?? 0) & mask);
  });
}

/** Whether the name begins with all of the base, part by part. */
function isBelow(name: Uint8Array, base: Uint8Array): boolean {
  const [parts, wanted] = [name, base].map((der) =>
    readChildren(readElement(der), derTags.sequence),
  );
  if (!parts || !wanted || wanted.length > parts.length) return false;
  return wanted.every((part, at) => isSameName(asName(part), asName(parts[at])));
}

/** A Name of one part. */
function asName(part: DerElement | undefined): Uint8Array {
  const content = part?.der ?? new Uint8Array();
  const { length } = content;
  const header = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([derTags.sequence, ...header, ...content]);
}
