/** A preflight of a client's credential as the use case runs it, told in codes. */
import { runPreflightClient } from '../../src/agent/preflight/client.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { CredentialConfig } from '../../src/config/config.ts';
import type { CheckOutcome, CheckResult } from '../../src/preflight/check.ts';

export interface Given extends CredentialConfig {
  readonly clientCaPath?: string;
  readonly trustStorePath?: string;
  readonly uid?: number;
}

export async function judge(given: Given): Promise<readonly CheckResult[]> {
  const { clientCaPath, trustStorePath, uid, ...credential } = given;
  const config = {
    target: {
      url: new URL('https://nowhere.invalid/'),
      credential,
      tls: { minVersion: '1.2', maxVersion: '1.3', alpn: [] },
      ...(trustStorePath !== undefined && { delegate: { trustStorePath } }),
    },
    isLive: false,
    timeoutMs: 1000,
    experiments: false,
    failOn: 'failed',
    format: 'json',
    ...(clientCaPath !== undefined && { clientCaPath }),
  } as const;
  const { signal } = new AbortController();
  const ours = uid ?? process.getuid?.();
  const ports = { clock: systemClock, signal, ...(ours !== undefined && { uid: ours }) };
  return runPreflightClient(config, ports);
}

export function codes(checks: readonly CheckResult[], outcome: CheckOutcome): readonly string[] {
  return checks.filter((check) => check.outcome === outcome).map(({ code }) => code);
}
