/** Whether our trust anchors and the delegate's trust store judge the same server differently. */
import type { Evidence, TlsSeen } from '../evidence/evidence.ts';

/** Who trusts the server where the other does not; undefined when both do, neither does, or either is not known. */
export function trustsAlone({ tls, delegate }: Evidence): 'us' | 'delegate' | undefined {
  const ours = tls && isPathTrusted(tls);
  if (ours === undefined || delegate?.trustsAll) return undefined;
  if (ours && delegate?.trustsServer === false && isOfStore(delegate.distrust)) return 'us';
  return !ours && delegate?.trustsServer ? 'delegate' : undefined;
}

/** A certificate that has expired is no matter of the store. */
function isOfStore(distrust: string | undefined): boolean {
  return distrust === 'no-path' || distrust === 'store-unusable';
}

/** OpenSSL's codes for a path that leads to none of our anchors. */
const noAnchor: readonly string[] = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
];

/** Our verdict over the path alone: a name that does not match speaks for a path that does. */
function isPathTrusted({ serverAuthorized, serverAuthorizationError }: TlsSeen) {
  if (serverAuthorized || serverAuthorizationError === 'ERR_TLS_CERT_ALTNAME_INVALID') return true;
  return noAnchor.includes(serverAuthorizationError ?? '') ? false : undefined;
}

export function storeInWords({ delegate }: Evidence): string {
  const { file, format, anchors } = delegate?.trustStore ?? {};
  if (!file) return 'its trust store';
  const holds = anchors === undefined ? '' : ` with ${anchors} anchor${anchors === 1 ? '' : 's'}`;
  return `its trust store ${file.path}${format ? ` (${format})` : ''}${holds}`;
}

export function anchorsInWords({ credential }: Evidence): string {
  const { caFile, extraCaFile: extra } = credential;
  if (caFile) return `our trust anchors in ${caFile.path}`;
  return extra && extra.error === undefined && extra.content === undefined
    ? `the usual trust anchors and those in ${extra.path}`
    : 'the usual trust anchors, for no CA file is configured,';
}
