/** One attempt from another: the same in everything but the one thing that an experiment changes. */
import type { SecureContext } from 'node:tls';
import type { Clock } from '../../base/clock.ts';
import type { ProxyConfig, TlsConfig } from '../../config/config.ts';
import { createContext } from '../../credential/create-context.ts';
import type { Credential } from '../../credential/credential.ts';
import type { ExperimentName } from '../../evidence/evidence.ts';
import type { Target } from '../../target/target.ts';

/** What one look needs. */
export interface Attempt {
  readonly target: Target;
  readonly credential: Credential;
  readonly context: SecureContext;
}

export interface VaryOptions {
  readonly clock: Clock;
  /** The address that the attempt reached: dialled again, so that only one thing changes. */
  readonly address?: string;
  /** The proxy for `with-proxy`. */
  readonly unusedProxy?: ProxyConfig;
}

/**
 * `value` is what to try in place of the attempt's own: an address, a port or a name. Every variation aims at the
 * target's own host. Throws OpenSSL's error where the attempt's own limits and the change exclude each other.
 */
export async function vary(
  attempt: Attempt,
  changed: ExperimentName,
  value: string | undefined,
  options: VaryOptions,
): Promise<Attempt> {
  const { target } = attempt;
  const { address, unusedProxy } = options;
  const here = { ...attempt, target: { ...target, ...(address !== undefined && { address }) } };
  const { serverName: _unsent, ...nameless } = here.target;
  const { proxy: _unused, ...direct } = target;
  switch (changed) {
    case 'no-client-certificate':
      return withMaterial(here, undefined);
    case 'throwaway-client-certificate': {
      const { mintThrowaway } = await import('../../credential/mint-throwaway.ts');
      return withMaterial(here, await mintThrowaway(options.clock));
    }
    case 'tls-1.2-only':
      return withTls(here, { minVersion: '1.2', maxVersion: '1.2' });
    case 'classic-groups-only':
      return withTls(here, { groups: classicGroups });
    case 'no-alpn':
      return { ...here, target: { ...here.target, tls: { ...target.tls, alpn: [] } } };
    case 'no-server-name':
      return { ...here, target: nameless };
    case 'other-server-name':
      return value === undefined ? here : { ...here, target: { ...nameless, serverName: value } };
    case 'other-address':
      return value === undefined ? here : { ...here, target: { ...target, address: value } };
    case 'sibling-port':
      return { ...here, target: { ...here.target, port: Number(value ?? target.port) } };
    case 'without-proxy':
      return { ...attempt, target: direct };
    case 'with-proxy':
      return { ...attempt, target: unusedProxy ? { ...direct, proxy: unusedProxy } : target };
    case 'again':
      return here;
  }
}

/** Their key shares are small: with them a ClientHello is one segment. */
const classicGroups = ['X25519', 'P-256', 'P-384'] as const;

function withTls(attempt: Attempt, changes: Partial<TlsConfig>): Attempt {
  const tls = { ...attempt.target.tls, ...changes };
  const context = createContext(attempt.credential, tls);
  return { ...attempt, target: { ...attempt.target, tls }, context };
}

function withMaterial(attempt: Attempt, material: Credential['material']): Attempt {
  const { ca, seen } = attempt.credential;
  const credential: Credential = {
    seen: seen.caFile ? { caFile: seen.caFile } : {},
    ...(material && { material }),
    ...(ca !== undefined && { ca }),
  };
  return { ...attempt, credential, context: createContext(credential, attempt.target.tls) };
}
