/** Which commit is being built. */
import { execFileSync } from 'node:child_process';

/** Its short name, with `-dirty` when tracked files differ from it; undefined outside a repository. */
export function commitOf(root: string): string | undefined {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    // As long in every clone: git lengthens short names by the number of its objects.
    const name = git('rev-parse', 'HEAD').slice(0, 12);
    const changed = git('status', '--porcelain', '--untracked-files=no').trim() !== '';
    return changed ? `${name}-dirty` : name;
  } catch {
    return undefined;
  }
}
