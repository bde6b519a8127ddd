/** A path of our identity leads to a directory. */
import type { Cause } from '../cause.ts';
import { fileInWords, localConfidence, unreadFiles } from '../local-files.ts';

export const clientCertificateFileIsDirectory: Cause = {
  code: 'client-certificate-file-is-directory',
  title: 'A path of our client certificate is a directory',
  side: 'delegate',
  documentation:
    'The configured path leads to a directory, not to a file. A container runtime makes an empty directory when a bind mount names a file that does not exist yet. Create the file first and mount it then, or name the file inside the directory.',
  explain(situation) {
    const files = unreadFiles(situation.evidence, (errno) => errno === 'EISDIR');
    const confidence = localConfidence(situation);
    if (files.length === 0 || !confidence) return undefined;
    return {
      confidence,
      evidence: files.map(fileInWords),
      remedy: 'Create the file before it is mounted, or configure the path of the file itself.',
    };
  },
};
