/** Texts that the build put into the executable; run from source, there are none. */
import { getAsset, isSea } from 'node:sea';

/** Undefined where the build left it out: outside a repository there is no commit. */
export function carriedText(name: 'commit' | 'licenses'): string | undefined {
  if (!isSea()) return undefined;
  try {
    return getAsset(name, 'utf8');
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ERR_SINGLE_EXECUTABLE_APPLICATION_ASSET_NOT_FOUND') return undefined;
    throw error;
  }
}
