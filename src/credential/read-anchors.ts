/** Trust anchors from a file, or from every file of a directory, as the delegate's image keeps them. */
import { readdirSync } from 'node:fs';
import { errorCode } from '../base/cannot-run.ts';
import { type AnchorFile, readAnchorFile } from './read-certificates.ts';
import { type FileRead, readFile } from './read-file.ts';
import { seeWritings } from './see-writing.ts';

/** A directory of more is no bundle of ours. */
const maxFiles = 128;

/** Never throws: what is wrong stands in `seen`, whose path is the one given. */
export function readAnchors(path: string): AnchorFile {
  const file = readFile(path);
  return file.seen.error === 'EISDIR' ? readDirectory(path, file) : readAnchorFile(file);
}

/** One file with an anchor is enough: the others may be keys, or what an editor left behind. */
function readDirectory(path: string, { seen: { error: _, ...seen } }: FileRead): AnchorFile {
  try {
    const read = anchorFilesIn(path).map((name) => readAnchorFile(readFile(name)));
    const found = read.filter(({ ca }) => ca !== undefined);
    if (found.length > 0) {
      return {
        seen: { ...seen, ...seeWritings(found.map((file) => file.seen)) },
        ca: found.map(({ ca }) => ca).join(''),
      };
    }
    const [content = 'empty'] = read.flatMap((file) => file.seen.content ?? []);
    return { seen: { ...seen, content } };
  } catch (error) {
    return { seen: { ...seen, error: errorCode(error) } };
  }
}

/** In the order of their names. Hidden ones are Kubernetes' own: `..data` and what it points to. */
export function anchorFilesIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .slice(0, maxFiles)
    .map((name) => `${directory.replace(/\/+$/, '')}/${name}`);
}
