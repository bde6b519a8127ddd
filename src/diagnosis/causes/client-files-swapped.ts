/** The certificate's path leads to the key, and the key's to the certificate. */
import type { Cause } from '../cause.ts';
import { contentInWords, localConfidence } from '../local-files.ts';

export const clientFilesSwapped: Cause = {
  code: 'client-files-swapped',
  title: 'The paths of our certificate and of its key are swapped',
  side: 'delegate',
  documentation:
    'The file configured as certificate holds a key, and the one configured as key holds a certificate. Both are fine in themselves. Swap the two paths.',
  outranks: ['client-certificate-unparsable', 'client-key-unparsable'],
  explain(situation) {
    const { certificateFile, keyFile } = situation.evidence.credential;
    const confidence = localConfidence(situation);
    if (certificateFile?.content !== 'wrong-block' || keyFile?.content !== 'wrong-block') {
      return undefined;
    }
    if (!confidence) return undefined;
    return {
      confidence,
      evidence: [contentInWords('certificate', certificateFile), contentInWords('key', keyFile)],
      remedy: 'Swap the paths of the certificate and the key.',
    };
  },
};
