/** How near the end of a certificate's life is, in the steps at which somebody is to be told. */
import type { CertificateSeen } from '../evidence/evidence.ts';
import { dayMs, epochMs } from './time.ts';

export const expiryThresholds = [
  { name: '66-percent', inWords: '66 % of its life is over', share: 0.66 },
  { name: '90-percent', inWords: '90 % of its life is over', share: 0.9 },
  { name: '30-days', inWords: 'at most 30 days are left', days: 30 },
  { name: '14-days', inWords: 'at most 14 days are left', days: 14 },
  { name: '7-days', inWords: 'at most 7 days are left', days: 7 },
  { name: '1-day', inWords: 'at most a day is left', days: 1 },
] as const;

export type ExpiryThreshold = (typeof expiryThresholds)[number];
export type ExpiryThresholdName = ExpiryThreshold['name'];

/**
 * Of the thresholds that lie behind `now`, RFC 3339, the last; undefined when there is none, the certificate has
 * expired, or its dates are unknown. Days count once two thirds of the life are over: a certificate for a week is
 * not late on its first day.
 */
export function lastExpiryThreshold(
  { notBefore, notAfter }: CertificateSeen,
  now: string,
): ExpiryThreshold | undefined {
  const [from, to, at] = [epochMs(notBefore), epochMs(notAfter), epochMs(now)];
  if (from === undefined || to === undefined || at === undefined || at >= to) return undefined;
  const firstMs = from + expiryThresholds[0].share * (to - from);
  const passed = expiryThresholds
    .map((threshold) => ({ threshold, atMs: momentOf(threshold, from, to) }))
    .filter(({ atMs }) => atMs >= firstMs && atMs <= at);
  return passed.toSorted((one, other) => one.atMs - other.atMs).at(-1)?.threshold;
}

function momentOf(threshold: ExpiryThreshold, fromMs: number, toMs: number): number {
  if ('days' in threshold) return toMs - threshold.days * dayMs;
  return fromMs + threshold.share * (toMs - fromMs);
}
