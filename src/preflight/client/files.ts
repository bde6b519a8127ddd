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
  title: 'Nobody else can read or change the private key',
  judge: ({ credential: { keyFile }, uid: us }) => {
    if (keyFile?.mode === undefined) return skipped('No key file could be looked at.');
    const { path, mode, uid } = keyFile;
    const allowed = uid === root ? '0640' : '0600';
    const excess = Number.parseInt(mode, 8) & (uid === root ? beyondRead : beyondOwner);
    const isForeign = us !== undefined && us !== root && uid !== root && uid !== us;
    if (excess === 0 && !isForeign) return passed(fileInWords(keyFile));
    return warned(
      `Give ${path} the mode ${allowed}, and this user or root as its owner.`,
      `${fileInWords(keyFile)}.`,
      ...(excess === 0 ? [] : [`At most ${allowed} is expected for a key of this owner.`]),
      ...(isForeign ? [`It belongs to the user ${uid}, who is neither us (${us}) nor root.`] : []),
    );
  },
};
