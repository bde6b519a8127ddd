/** How much of a certificate's life is over. */
import { apartInWords, dayMs, epochMs, isBefore } from '../diagnosis/time.ts';
import type { CertificateSeen } from '../evidence/evidence.ts';

/** From here on a certificate is to be renewed; of one that lives long, in its last days. */
const shareToRenew = 0.66;
const daysToRenew = 30;
const longLifeMs = 90 * dayMs;

/** Undefined when the dates are unknown, or no certificate could live by them. */
export function shareOfLife(
  { notBefore, notAfter }: CertificateSeen,
  now: string,
): number | undefined {
  const [from, to, at] = [epochMs(notBefore), epochMs(notAfter), epochMs(now)];
  if (from === undefined || to === undefined || at === undefined || to <= from) return undefined;
  return (at - from) / (to - from);
}

export function expiresSoon(certificate: CertificateSeen, now: string): boolean {
  const [from, to, at] = [
    epochMs(certificate.notBefore),
    epochMs(certificate.notAfter),
    epochMs(now),
  ];
  if (from === undefined || to === undefined || at === undefined || at >= to) return false;
  const share = shareOfLife(certificate, now) ?? 0;
  return share >= shareToRenew || (to - from > longLifeMs && to - at <= daysToRenew * dayMs);
}

/** `valid from … to …, 189 days left, 12 % of its life used`. */
export function lifeInWords(certificate: CertificateSeen, now: string): string {
  const { notBefore = 'unknown', notAfter = 'unknown' } = certificate;
  const range = `valid from ${notBefore} to ${notAfter}`;
  if (isBefore(now, notBefore)) return `${range}, begins in ${apartInWords(now, notBefore)}`;
  if (isBefore(notAfter, now)) return `${range}, ended ${apartInWords(now, notAfter)} ago`;
  const share = shareOfLife(certificate, now);
  const used = share === undefined ? '' : `, ${Math.floor(share * 100)} % of its life used`;
  return `${range}, ${apartInWords(now, notAfter)} left${used}`;
}
