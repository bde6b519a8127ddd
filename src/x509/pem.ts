/** PEM (RFC 7468): the blocks of a text, and what an octet string is that holds none. */
import { derTags, readChildren, readElement, readSequence } from './der.ts';

export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY` … */
  readonly label: string;
  /** `Proc-Type: 4,ENCRYPTED` and the like, which only encrypted keys of the old form have. */
  readonly headers: readonly string[];
  /** What the base64 says; empty when it is no base64, or the block has no end. */
  readonly der: Uint8Array;
  /** The block alone, with LF line ends. */
  readonly text: string;
}

/**
 * Every block, in order. Line ends may be CRLF, a byte order mark may stand at the start, and text
 * between blocks is ignored. As in OpenSSL, a boundary fills its line.
 */
export function readPem(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { label: string; lines: string[] } | undefined;
  for (const raw of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    const line = raw.trimEnd();
    const begin = /^-----BEGIN ([^-]{1,64})-----$/.exec(line)?.[1];
    if (begin !== undefined) {
      if (open) blocks.push(brokenBlock(open.label));
      open = { label: begin, lines: [] };
    } else if (open && line === `-----END ${open.label}-----`) {
      blocks.push(toBlock(open.label, open.lines));
      open = undefined;
    } else {
      open?.lines.push(line);
    }
  }
  return open ? [...blocks, brokenBlock(open.label)] : blocks;
}

/** A TRUSTED CERTIFICATE is a certificate with OpenSSL's own attributes behind it. */
export function certificateDer({ label, der }: PemBlock): Uint8Array {
  return label === 'TRUSTED CERTIFICATE' ? (readElement(der)?.der ?? der) : der;
}

/** DER as a PEM block with lines of 64 characters. */
export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** What octets without a PEM block are. */
export type NotPem = 'empty' | 'der' | 'pkcs12' | 'base64-of-pem' | 'no-pem-block';

export function whatIsNotPem(octets: Uint8Array): NotPem {
  if (isPkcs12(octets)) return 'pkcs12';
  const outer = readElement(octets);
  if (outer?.tag === derTags.sequence && outer.der.length === octets.length) return 'der';
  const text = Buffer.from(octets).toString('latin1').trim();
  if (text === '') return 'empty';
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}$/.test(text);
  return isBase64 && Buffer.from(text, 'base64').includes('-----BEGIN ')
    ? 'base64-of-pem'
    : 'no-pem-block';
}

/** PFX (RFC 7292 section 4): version 3, then a ContentInfo. */
export function isPkcs12(octets: Uint8Array): boolean {
  const [version, contents] = readSequence(octets) ?? [];
  return (
    version?.tag === derTags.integer &&
    version.content.length === 1 &&
    version.content[0] === 3 &&
    readChildren(contents, derTags.sequence)?.[0]?.tag === derTags.objectIdentifier
  );
}

function toBlock(label: string, lines: readonly string[]): PemBlock {
  const headerEnd = lines.some((line) => line.includes(':')) ? lines.indexOf('') : -1;
  const headers = headerEnd < 0 ? [] : lines.slice(0, headerEnd);
  const base64 = lines.slice(headerEnd + 1).join('');
  const isBase64 = /^[A-Za-z0-9+/ \t]*={0,2}$/.test(base64);
  const body = lines.slice(headerEnd + 1).filter((line) => line !== '');
  const text = [
    `-----BEGIN ${label}-----`,
    ...headers,
    ...(headers.length > 0 ? [''] : []),
    ...body,
    `-----END ${label}-----`,
    '',
  ].join('\n');
  return { label, headers, der: isBase64 ? Buffer.from(base64, 'base64') : new Uint8Array(), text };
}

function brokenBlock(label: string): PemBlock {
  return { label, headers: [], der: new Uint8Array(), text: '' };
}
