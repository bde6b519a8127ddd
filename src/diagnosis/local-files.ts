/** What is wrong with our own files, and how much it explains. */
import type {
  ArchiveFault,
  ContentFault,
  CredentialSeen,
  Evidence,
  FileSeen,
} from '../evidence/evidence.ts';
import type { Confidence, Situation } from './cause.ts';
import { stoppedLocally } from './reading.ts';
import { refusalOf } from './refusal.ts';

export interface OurFile {
  readonly kind: 'certificate' | 'key' | 'passphrase' | 'CA';
  readonly file: FileSeen;
}

/** The files of our identity, in the order in which they are read. */
function identityFiles(credential: CredentialSeen): readonly OurFile[] {
  return [
    ...asFile('certificate', credential.certificateFile),
    ...asFile('key', credential.keyFile),
    ...asFile('passphrase', credential.passphraseFile),
  ];
}

function asFile(kind: OurFile['kind'], file: FileSeen | undefined): readonly OurFile[] {
  return file ? [{ kind, file }] : [];
}

/** Files that could not be opened or read with one of these codes. */
export function unreadFiles(
  evidence: Evidence,
  fits: (errno: string) => boolean,
): readonly OurFile[] {
  return identityFiles(evidence.credential).filter(
    ({ file }) => file.error !== undefined && fits(file.error),
  );
}

/** Certain when it stopped us before any network; otherwise it explains a refusal and nothing else. */
export function localConfidence({ evidence }: Situation): Confidence | undefined {
  if (stoppedLocally(evidence)) return 'certain';
  return refusalOf(evidence) ? 'likely' : undefined;
}

export function fileInWords({ kind, file }: OurFile): string {
  const bits = file.mode === undefined ? '' : `, mode ${file.mode}`;
  const owner = file.uid === undefined ? '' : `, owner ${file.uid}:${file.gid ?? '?'}`;
  return `The ${kind} file is ${file.path}${bits}${owner}${file.error ? `: ${file.error}` : ''}.`;
}

const contents: Readonly<Record<ContentFault, string>> = {
  empty: 'is empty',
  'no-pem-block': 'holds no PEM block',
  der: 'holds DER where PEM is expected',
  pkcs12: 'is a PKCS#12 archive where PEM is expected',
  'base64-of-pem': 'holds base64 of a PEM text, as a secret that was encoded twice',
  'wrong-block': 'holds PEM blocks, but not of the kind expected',
  unparsable: 'holds the right PEM block, but what is in it does not decode',
};

export const archiveFaults: Readonly<Record<ArchiveFault, string>> = {
  'passphrase-missing': 'is a PKCS#12 archive that does not open without a passphrase',
  'wrong-passphrase': 'is a PKCS#12 archive that the passphrase does not open',
  'unsupported-encryption':
    'is a PKCS#12 archive whose encryption is not read here (of RC2, OpenSSL 3 wants its legacy provider)',
  damaged: 'is a PKCS#12 archive that does not decode',
};

export function contentInWords(kind: OurFile['kind'], file: FileSeen): string {
  const { content, archive } = file;
  const known = content === undefined ? 'cannot be used' : contents[content];
  const fault = content === 'pkcs12' && archive ? archiveFaults[archive] : known;
  return `The ${kind} file ${file.path} ${fault}.`;
}
