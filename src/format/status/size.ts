/** A number of octets in the words of a person. */

const step = 1024;

/** `512 octets`, `80 KiB`, `1.5 MiB`. */
export function size(octets: number): string {
  if (octets < step) return `${octets} octets`;
  const kib = octets / step;
  if (kib < step) return `${Math.round(kib)} KiB`;
  const mib = kib / step;
  return `${mib < 10 ? mib.toFixed(1) : Math.round(mib)} MiB`;
}
