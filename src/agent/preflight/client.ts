/** `preflight client`: a credential judged by its files and, where one is named, tried with the live gateway. */
import type { PreflightClientConfig } from '../../config/load-preflight.ts';
import { loadCredential } from '../../credential/load-credential.ts';
import type { CheckResult } from '../../preflight/check.ts';
import { clientChecks } from '../../preflight/client/client-checks.ts';
import { type ClientFacts, toClientSubject } from '../../preflight/client/client-subject.ts';
import { judgeAll } from '../../preflight/preflight.ts';
import { DelegateStore } from '../delegate-store.ts';
import type { Ports } from '../ports.ts';
import { judgeAgainst } from './against.ts';
import { clientFacts } from './client-facts.ts';

export type PreflightPorts = Pick<Ports, 'clock' | 'signal' | 'uid'>;

export async function runPreflightClient(
  config: PreflightClientConfig,
  ports: PreflightPorts,
): Promise<readonly CheckResult[]> {
  const offline = judgeAll(clientChecks, toClientSubject(await readFacts(config, ports)));
  return [...offline, ...(await judgeAgainst(config, ports))];
}

async function readFacts(
  config: PreflightClientConfig,
  ports: PreflightPorts,
): Promise<ClientFacts> {
  const { credential, delegate } = config.target;
  const beside = await new DelegateStore(delegate, ports.clock).current();
  const judgedBy = { ...credential, ...config };
  return clientFacts(loadCredential(credential), judgedBy, beside?.seen, ports);
}
