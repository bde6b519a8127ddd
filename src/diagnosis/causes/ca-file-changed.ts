/** The gateway is as it was, and our trust anchors are others since. */
import type { FileSeen } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import {
  leafInWords,
  unknownIssuerCodes,
  untrustedServer,
  verdictInWords,
} from '../server-trust.ts';
import { isServerLeafUnchanged, momentOf } from '../since-baseline.ts';

export const caFileChanged: Cause = {
  code: 'ca-file-changed',
  title: 'Our trust anchors have changed and no longer trust the gateway',
  side: 'delegate',
  documentation:
    'The gateway presents the very certificate that was trusted at the last accepted look, and the file of our trust anchors is another one, or was written since. So it is our anchors that have lost the CA of the gateway. Without a change of that file, or with another certificate, it is server-issuer-untrusted; a certificate that has expired or names another host is told as that. Put the CA of the gateway back into the file.',
  outranks: ['server-issuer-untrusted', 'server-chain-incomplete'],
  explain(situation) {
    const { evidence, baseline } = situation;
    const server = untrustedServer(evidence, ...unknownIssuerCodes);
    const before = baseline?.evidence.credential.caFile;
    const now = evidence.credential.caFile;
    if (!baseline || !server || isServerLeafUnchanged(situation) !== true) return undefined;
    if (!isAnother(before, now)) return undefined;
    return {
      confidence: 'certain',
      evidence: [
        `At ${momentOf(baseline, evidence)} the same certificate of the gateway was trusted.`,
        `Our trust anchors came from ${fileInWords(before)}; now they come from ${fileInWords(now)}.`,
        leafInWords(server),
        verdictInWords(server),
      ],
      remedy: `Put the CA that issued the certificate of the gateway back into ${now?.path ?? 'our trust anchors (--ca)'}.`,
    };
  },
};

function isAnother(before: FileSeen | undefined, now: FileSeen | undefined): boolean {
  return before?.path !== now?.path || before?.modifiedAt !== now?.modifiedAt;
}

function fileInWords(file: FileSeen | undefined): string {
  if (!file) return 'the system';
  return file.modifiedAt === undefined ? file.path : `${file.path}, written ${file.modifiedAt}`;
}
