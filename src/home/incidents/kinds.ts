/** Which reports may be about one and the same trouble. */
import type { IncidentKind, Signature } from './incident.ts';
import type { CauseSeen, Sighting } from './sighting.ts';

/** Within one target, delegates of one crowd may become one incident. */
export interface CrowdKind {
  readonly kind: IncidentKind;
  /** Unique within the target. */
  readonly key: string;
}

/**
 * What a change of the gateway's client CA looks like to a delegate that remembers no accepted look, or whose Java
 * stack chose to send nothing: these blame us, and are said beside gateway-client-ca-changed.
 */
const blamesUsForTheirs: readonly string[] = [
  'client-issuer-not-accepted',
  'client-certificate-not-sent',
];

/** A fault of one's own is grouped with the same fault alone; what gateway or way do shows in many guises. */
export function crowdKindOf({ cause, layer, outcome }: Sighting): CrowdKind {
  if (layer === 'local' || isOwnFault(cause)) {
    return { kind: 'delegates', key: `delegates ${cause?.code ?? 'unknown'}` };
  }
  const side = cause?.side ?? (outcome === 'failed' && isBelowTls(layer) ? 'network' : 'gateway');
  const kind = side === 'network' || side === 'proxy' ? 'way' : 'gateway';
  return { kind, key: kind };
}

export const silenceKind: CrowdKind = { kind: 'silence', key: 'silence' };

function isOwnFault(cause: CauseSeen | undefined): boolean {
  return cause?.side === 'delegate' && !blamesUsForTheirs.includes(cause.code);
}

function isBelowTls(layer: Sighting['layer']): boolean {
  return layer === 'dns' || layer === 'tcp' || layer === 'proxy';
}

export function signatureOf(sighting: Sighting): Signature {
  const { target, cause, alert, serverSha256, authoritiesSha256 } = sighting;
  return {
    target,
    cause: cause?.code ?? 'unknown',
    ...(alert && { alert }),
    ...(serverSha256 !== undefined && { serverSha256 }),
    ...(authoritiesSha256 !== undefined && { authoritiesSha256 }),
  };
}
