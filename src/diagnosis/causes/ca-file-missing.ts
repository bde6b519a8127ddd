/** The file of trust anchors cannot be opened. */
import type { Cause } from '../cause.ts';
import { fileInWords } from '../local-files.ts';
import { isServerUntrusted, stoppedLocally } from '../reading.ts';

export const caFileMissing: Cause = {
  code: 'ca-file-missing',
  title: 'The CA file is missing or cannot be read',
  side: 'delegate',
  documentation:
    'A file with certificate authorities is configured and cannot be opened, so the gateway cannot be verified as intended. Usually it is not mounted, or belongs to another user. Fix the path, the mount or the permissions.',
  outranks: [
    'server-issuer-untrusted',
    'server-certificate-self-signed',
    'server-chain-incomplete',
  ],
  explain({ evidence }) {
    const { caFile: file } = evidence.credential;
    if (file?.error === undefined) return undefined;
    if (!stoppedLocally(evidence) && !isServerUntrusted(evidence)) return undefined;
    return {
      confidence: stoppedLocally(evidence) ? 'certain' : 'likely',
      evidence: [fileInWords({ kind: 'CA', file })],
      remedy: `Make ${file.path} exist and readable for this user, or correct the path of the CA file.`,
    };
  },
};
