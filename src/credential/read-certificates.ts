/** The certificates of a PEM file, and what is wrong with the file when they cannot be used. */
import type { ContentFault, FileSeen } from '../evidence/evidence.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { certificateDer, type PemBlock, readPem, whatIsNotPem } from '../x509/pem.ts';
import type { FileRead } from './read-file.ts';
import { seeWriting } from './see-writing.ts';

export interface CertificateFile {
  readonly seen: FileSeen;
  /** DER of every certificate block in the order of the file, at most 64; may not decode. */
  readonly blocks: readonly Uint8Array[];
  /** Those that decode. */
  readonly certificates: readonly Certificate[];
}

export interface AnchorFile {
  readonly seen: FileSeen;
  /** PEM of every block that may be a certificate; absent when not one of them decodes. */
  readonly ca?: string;
  /** The file as it stands; absent where it is a directory, or could not be read. */
  readonly octets?: Uint8Array;
}

/** Blocks of a client's certificate file; more is no chain. */
const maxBlocks = 64;
const certificateLabels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

/** For our own chain, every certificate block must decode. */
export function readCertificateFile(file: FileRead): CertificateFile {
  const { all, blocks } = certificateBlocks(file);
  const read = blocks.slice(0, maxBlocks).map(certificateDer);
  const certificates = read.map(readCertificate).filter((one) => one !== undefined);
  const content = contentFault(file, all, read.length, certificates.length === read.length);
  return {
    seen: { ...file.seen, ...(content && { content }), ...seeWriting(file.octets) },
    blocks: read,
    certificates,
  };
}

/**
 * For trust anchors, one certificate that decodes is enough. A system's bundle holds hundreds, and TLS
 * decodes them all again, so the others are taken as they are.
 */
export function readAnchorFile(file: FileRead): AnchorFile {
  const { all, blocks } = certificateBlocks(file);
  const decodes = blocks.some((block) => readCertificate(certificateDer(block)) !== undefined);
  const content = contentFault(file, all, blocks.length, decodes);
  return {
    seen: { ...file.seen, ...(content && { content }), ...seeWriting(file.octets) },
    ...(decodes && { ca: blocks.map(({ text }) => text).join('') }),
    ...(file.octets && { octets: file.octets }),
  };
}

function certificateBlocks({ octets }: FileRead) {
  const all = octets ? readPem(octets.toString('utf8')) : [];
  return { all, blocks: all.filter(({ label }) => certificateLabels.includes(label)) };
}

function contentFault(
  { octets }: FileRead,
  all: readonly PemBlock[],
  certificateCount: number,
  decodes: boolean,
): ContentFault | undefined {
  if (octets === undefined) return undefined;
  if (all.length === 0) return whatIsNotPem(octets);
  if (certificateCount === 0) return 'wrong-block';
  return decodes ? undefined : 'unparsable';
}
