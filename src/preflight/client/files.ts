/** The files themselves: whether they are there, may be read, and who else may. */
import type { CredentialSeen, FileSeen } from '../../evidence/evidence.ts';
import { type Check, failed, type Judgement, passed, skipped, warned } from '../check.ts';
import type { ClientSubject } from './client-subject.ts';

type FileCheck = Check<ClientSubject>;

const absent: readonly string[] = ['ENOENT', 'ENOTDIR', 'ELOOP'];
/** These have checks of their own; a file that is too large holds no credential. */
const spokenOf: readonly string[] = [...absent, 'EISDIR', 'TOO_LARGE'];

export const fileMissing: FileCheck = {
  code: 'client-certificate-file-missing',
  title: 'Every file of the credential is there',
  judge: ({ credential }) =>
    without(
      identityFiles(credential),
      (errno) => absent.includes(errno),
      (paths) => `Mount the secret so that ${paths} can be found, or correct the path.`,
    ),
};

export const fileIsDirectory: FileCheck = {
  code: 'client-certificate-file-is-directory',
  title: 'No path of the credential is a directory',
  judge: ({ credential }) =>
    without(
      identityFiles(credential),
      (errno) => errno === 'EISDIR',
      (paths) => `Create the file before it is mounted, or name the file itself: ${paths}.`,
    ),
};

export const fileUnreadable: FileCheck = {
  code: 'client-certificate-file-unreadable',
  title: 'Every file of the credential can be read',
  judge: ({ credential }) =>
    without(
      identityFiles(credential),
      (errno) => !spokenOf.includes(errno),
      (paths) =>
        `Make ${paths} readable for this user: set fsGroup and defaultMode 0440, or correct the owner.`,
    ),
};

export function identityFiles(credential: CredentialSeen): readonly FileSeen[] {
  const { certificateFile, keyFile, passphraseFile } = credential;
  return eachOnce([certificateFile, keyFile, passphraseFile]);
}

/** One file may stand for several. */
export function eachOnce(files: readonly (FileSeen | undefined)[]): readonly FileSeen[] {
  const named = files.filter((file) => file !== undefined);
  return named.filter(({ path }, at) => named.findIndex((file) => file.path === path) === at);
}

function without(
  files: readonly FileSeen[],
  fits: (errno: string) => boolean,
  remedyFor: (paths: string) => string,
): Judgement {
  const broken = files.filter(({ error }) => error !== undefined && fits(error));
  if (broken.length === 0) return passed(...files.map(fileInWords));
  const paths = broken.map(({ path }) => path).join(' and ');
  return failed(remedyFor(paths), ...broken.map(fileInWords));
}

/** `client.key, mode 0640, owner 0:0`. */
export function fileInWords({ path, mode, uid, gid, error }: FileSeen): string {
  const bits = mode === undefined ? '' : `, mode ${mode}`;
  const owner = uid === undefined ? '' : `, owner ${uid}:${gid ?? '?'}`;
  return `${path}${bits}${owner}${error === undefined ? '' : `: ${error}`}`;
}

/** Group: write, execute; others: all. */
const beyondRead = 0o037;
/** Group and others: all. */
const beyondOwner = 0o077;
const root = 0;

/**
 * The rule of PostgreSQL's libpq, which knows both ways in which keys are kept: a file of root's may be read by a group,
 * and one of the user's own by nobody else.
 */
export const keyFileExposed: FileCheck = {
  code: 'client-key-file-exposed',
  title: 'Nobody else can read or change the private key or its passphrase',
  judge: ({ credential: { keyFile, passphraseFile }, uid: us }) => {
    if (keyFile?.mode === undefined) return skipped('No key file could be looked at.');
    const files = eachOnce([keyFile, passphraseFile]);
    const exposed = files
      .map((file) => ({ file, why: exposureOf(file, us) }))
      .filter(({ why }) => why.length > 0);
    if (exposed.length === 0) return passed(...files.map(fileInWords));
    return warned(
      exposed
        .map(({ file: { path, uid } }) => `Give ${path} the mode ${allowedFor(uid)}`)
        .join('; ')
        .concat(', and this user or root as its owner.'),
      ...exposed.flatMap(({ file, why }) => [`${fileInWords(file)}.`, ...why]),
    );
  },
};

function exposureOf({ mode, uid }: FileSeen, us: number | undefined): readonly string[] {
  if (mode === undefined) return [];
  const excess = Number.parseInt(mode, 8) & (uid === root ? beyondRead : beyondOwner);
  const isForeign = us !== undefined && us !== root && uid !== root && uid !== us;
  return [
    ...(excess === 0 ? [] : [`At most ${allowedFor(uid)} is expected of a secret of this owner.`]),
    ...(isForeign ? [`It belongs to the user ${uid}, who is neither us (${us}) nor root.`] : []),
  ];
}

function allowedFor(uid: number | undefined): string {
  return uid === root ? '0640' : '0600';
}

/** What of a subject says which files hold certificates: of a client as of a gateway. */
export interface CertificateFiles {
  readonly credential: CredentialSeen;
  readonly ca?: { readonly seen: FileSeen };
  readonly clientCa?: { readonly seen: FileSeen };
}

export function certificateFiles(subject: CertificateFiles): readonly FileSeen[] {
  const { credential, ca, clientCa } = subject;
  const { certificateFile, caFile, extraCaFile } = credential;
  return eachOnce([certificateFile, caFile, extraCaFile, ca?.seen, clientCa?.seen]);
}

const byOthers = 0o002;

/** Certificates are public. A group that may write is often the user's own, so only all others count. */
export const certificateFileWritable: Check<CertificateFiles> = {
  code: 'certificate-file-writable',
  title: 'Not everybody can change the certificates',
  judge: (subject) => {
    const files = certificateFiles(subject).filter(({ mode }) => mode !== undefined);
    if (files.length === 0) return skipped('No file of certificates could be looked at.');
    const open = files.filter(({ mode = '' }) => Number.parseInt(mode, 8) & byOthers);
    if (open.length === 0) return passed(...files.map(fileInWords));
    return warned(
      `Take the right to write from others (chmod o-w): ${open.map(({ path }) => path).join(' and ')}.`,
      ...open.map((file) => `${fileInWords(file)}.`),
      'Whoever changes a CA file decides who is trusted; another certificate stops the client.',
    );
  },
};
