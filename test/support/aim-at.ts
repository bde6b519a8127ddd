/** One look at a loopback port with test credentials, as the agent's own rooms take it. */
import { loadFor } from '../../src/agent/credential-store.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { CredentialConfig, TargetConfig, TlsConfig } from '../../src/config/config.ts';
import type { Evidence, Step, StepName } from '../../src/evidence/evidence.ts';
import { look } from '../../src/probe/look.ts';
import { aim } from '../../src/target/target.ts';

export interface Aim extends Partial<Omit<TargetConfig, 'url' | 'credential' | 'tls'>> {
  readonly port: number;
  readonly scheme?: 'https' | 'wss';
  readonly host?: string;
  readonly path?: string;
  readonly credential?: CredentialConfig;
  readonly tls?: Partial<TlsConfig>;
  readonly timeoutMs?: number;
}

export function lookAt(at: Aim): Promise<Evidence> {
  const { port, scheme = 'https', host = 'localhost', path = '/', timeoutMs = 2000 } = at;
  const { credential: files = {}, tls, ...rest } = at;
  const config: TargetConfig = {
    address: '127.0.0.1',
    ...rest,
    url: new URL(`${scheme}://${host}:${port}${path}`),
    credential: files,
    tls: { minVersion: '1.2', maxVersion: '1.3', alpn: ['http/1.1'], ...tls },
  };
  const { credential, context } = loadFor(config);
  const { signal } = new AbortController();
  return look(aim(config), credential, context, { clock: systemClock, timeoutMs, signal });
}

export function stepOf({ steps }: Evidence, name: StepName): Step | undefined {
  return steps.find((step) => step.name === name);
}
