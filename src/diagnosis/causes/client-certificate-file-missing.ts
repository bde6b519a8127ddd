/** A file of our identity does not exist. */
import type { Cause } from '../cause.ts';
import { fileInWords, localConfidence, unreadFiles } from '../local-files.ts';

const absent: readonly string[] = ['ENOENT', 'ENOTDIR', 'ELOOP'];

export const clientCertificateFileMissing: Cause = {
  code: 'client-certificate-file-missing',
  title: 'A file of our client certificate does not exist',
  side: 'delegate',
  documentation:
    'A path is configured for the client certificate, its key or its passphrase, and nothing is there. It is seen before any connection is made, so neither the network nor the gateway has a part in it. Usually a secret is not mounted, is mounted elsewhere, or the variable names another path. Fix the mount or the path.',
  explain(situation) {
    const files = unreadFiles(situation.evidence, (errno) => absent.includes(errno));
    const confidence = localConfidence(situation);
    if (files.length === 0 || !confidence) return undefined;
    const paths = files.map(({ file }) => file.path).join(' and ');
    return {
      confidence,
      evidence: files.map(fileInWords),
      remedy: `Mount the secret so that ${paths} ${files.length > 1 ? 'exist' : 'exists'}, or correct the configured path.`,
    };
  },
};
