/** Whether a certificate is made out for the host that we asked for (RFC 9525 section 6.3). */
import type { CertificateSeen, Evidence } from '../evidence/evidence.ts';

/** Undefined when its names are not known. A wildcard stands for one whole label, the leftmost. */
export function isMadeOutFor(
  { subjectAltNames }: CertificateSeen,
  { target }: Evidence,
): boolean | undefined {
  if (!subjectAltNames?.length) return undefined;
  const asked = (target.serverName ?? target.host).toLowerCase().replace(/\.$/, '');
  return subjectAltNames.some((name) => {
    const value = /^(?:DNS|IP):(.*)$/s.exec(name)?.[1]?.toLowerCase();
    return value !== undefined && covers(value, asked);
  });
}

function covers(name: string, asked: string): boolean {
  if (!name.startsWith('*.')) return name === asked;
  return asked.includes('.') && asked.slice(asked.indexOf('.')) === name.slice(1);
}
