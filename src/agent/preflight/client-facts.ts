/** What the checks of a client's credential judge: the files as they were read, and what is known beside them. */
import { isoTime } from '../../base/clock.ts';
import type { Credential } from '../../credential/credential.ts';
import { readAnchors } from '../../credential/read-anchors.ts';
import { readFile } from '../../credential/read-file.ts';
import type { DelegateSeen } from '../../evidence/evidence.ts';
import type { ClientFacts } from '../../preflight/client/client-subject.ts';
import type { Ports } from '../ports.ts';

/** Files by which a credential is judged, beside its own. */
export interface JudgedBy {
  readonly clientCaPath?: string;
  readonly crlPath?: string;
}

/** Lists of large authorities are large. */
const maxCrlBytes = 16 * 1024 * 1024;

export function clientFacts(
  { seen, chain = [], clientCertificate, ca }: Credential,
  { clientCaPath, crlPath }: JudgedBy,
  delegate: DelegateSeen | undefined,
  { clock, uid }: Pick<Ports, 'clock' | 'uid'>,
): ClientFacts {
  return {
    now: isoTime(clock.now()),
    ...(uid !== undefined && { uid }),
    credential: seen,
    chain,
    ...(clientCertificate && { leafSha256: clientCertificate.sha256 }),
    ...(ca !== undefined && { ca }),
    ...(clientCaPath !== undefined && { clientCa: readAnchors(clientCaPath) }),
    ...(crlPath !== undefined && { crl: readFile(crlPath, maxCrlBytes) }),
    ...(delegate && { delegate }),
  };
}
