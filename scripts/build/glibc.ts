/** Which glibc an executable needs. */
import { neededVersions } from './elf.ts';

/** RHEL 8's, and the oldest of any delegate image. */
const newest = '2.28';

/** Throws when the executable would not start with glibc 2.28. */
export function assertGlibc(elf: Buffer, file: string): void {
  const versions = neededVersions(elf).flatMap((name) => /^GLIBC_([\d.]+)$/.exec(name)?.[1] ?? []);
  const tooNew = versions.filter((version) => compareVersions(version, newest) > 0);
  if (versions.length === 0) throw new Error(`${file} names no glibc`);
  if (tooNew.length > 0) throw new Error(`${file} needs glibc ${tooNew.join(', ')}`);
}

/** Below zero when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const differing = left?.findIndex((part, at) => part !== (right?.[at] ?? 0)) ?? -1;
  return differing < 0 ? 0 : (left?.[differing] ?? 0) - (right?.[differing] ?? 0);
}
