/** Links that somebody else may have laid for us, as in /tmp. */
import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** As many as Linux follows (path_resolution(7)). */
const maxLinks = 40;
/** Sticky and writable by all. */
const sharedMode = 0o1002;

/**
 * Throws EACCES where `path` leads through a symbolic link in a directory that everybody may write to, unless it is our own or
 * the directory's owner's. It is the rule of fs.protected_symlinks (proc_sys_fs(5)), which holds only where the system is asked
 * to open through the link, and not everywhere.
 */
export function refuseForeignLink(path: string): void {
  let place = resolve(path);
  for (let links = 0; links < maxLinks; links += 1) {
    const link = lstatSync(place, { throwIfNoEntry: false });
    if (!link?.isSymbolicLink()) return;
    const directory = statSync(dirname(place));
    const isShared = (directory.mode & sharedMode) === sharedMode;
    if (isShared && link.uid !== process.geteuid?.() && link.uid !== directory.uid) {
      throw Object.assign(new Error("somebody else's link"), { code: 'EACCES' });
    }
    place = resolve(dirname(place), readlinkSync(place));
  }
}
