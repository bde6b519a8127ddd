/** `preflight client`: a credential judged by its files and, where one is named, tried with the live gateway. */
import { isoTime } from '../../base/clock.ts';
import type { PreflightClientConfig } from '../../config/load-preflight.ts';
import { loadCredential } from '../../credential/load-credential.ts';
import { readAnchors } from '../../credential/read-anchors.ts';
import { readFile } from '../../credential/read-file.ts';
import type { CheckResult } from '../../preflight/check.ts';
import { clientChecks } from '../../preflight/client/client-checks.ts';
import { type ClientFacts, toClientSubject } from '../../preflight/client/client-subject.ts';
import { judgeAll } from '../../preflight/preflight.ts';
import { DelegateStore } from '../delegate-store.ts';
import type { Ports } from '../ports.ts';
import { judgeAgainst } from './against.ts';

export type PreflightPorts = Pick<Ports, 'clock' | 'signal'> & {
  /** Absent where users have no number. */
  readonly uid?: number;
};

/** Lists of large authorities are large. */
const maxCrlBytes = 16 * 1024 * 1024;

export async function runPreflightClient(
  config: PreflightClientConfig,
  ports: PreflightPorts,
): Promise<readonly CheckResult[]> {
  const offline = judgeAll(clientChecks, toClientSubject(await readFacts(config, ports)));
  return [...offline, ...(await judgeAgainst(config, ports))];
}

async function readFacts(
  { target, clientCaPath, crlPath }: PreflightClientConfig,
  { clock, uid }: PreflightPorts,
): Promise<ClientFacts> {
  const { seen, chain = [], clientCertificate, ca } = loadCredential(target.credential);
  const delegate = (await new DelegateStore(target.delegate).current())?.seen;
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
