/** A file of our identity exists and we may not, or cannot, read it. */
import type { Cause } from '../cause.ts';
import { fileInWords, localConfidence, unreadFiles } from '../local-files.ts';

const othersSpeakOf: readonly string[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'TOO_LARGE'];

export const clientCertificateFileUnreadable: Cause = {
  code: 'client-certificate-file-unreadable',
  title: 'A file of our client certificate cannot be read',
  side: 'delegate',
  documentation:
    'The file is there, and the system refuses to let this user read it. In a container the process runs as a user of its own, and the secret belongs to another. A Helm defaultMode of 400 is decimal and means octal 0620, which is not what it looks like. Set fsGroup and defaultMode: 0440, or correct the owner.',
  explain(situation) {
    const files = unreadFiles(situation.evidence, (errno) => !othersSpeakOf.includes(errno));
    const confidence = localConfidence(situation);
    if (files.length === 0 || !confidence) return undefined;
    const paths = files.map(({ file }) => file.path).join(' and ');
    return {
      confidence,
      evidence: files.map(fileInWords),
      remedy: `Make ${paths} readable for this user: set fsGroup and defaultMode 0440, or correct the owner.`,
    };
  },
};
