/** Kinds of IP addresses that tell something about the resolver that gave them. */

/** `sinkhole`: this machine itself or nobody, which is how filters answer; `private`: no public network routes it. */
export type AddressKind = 'sinkhole' | 'private' | 'public';

const sinkholes = /^(?:0\.|127\.)|^::$|^::1$/;
/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 section 2.5.6. */
const privates =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

export function kindOfAddress(address: string): AddressKind {
  const mapped = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (sinkholes.test(mapped)) return 'sinkhole';
  return privates.test(mapped) ? 'private' : 'public';
}

export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** A name that every resolver should answer alike; not an address, this machine, or a name of one network only. */
export function isPublicName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return (
    name.includes('.') &&
    !/[:]|^[\d.]+$|\.(?:localhost|local|internal|intranet|lan|home|corp|svc|arpa)$/.test(name)
  );
}
