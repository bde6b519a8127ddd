/** Whether the corpus still says what tshark says of its captures. */
import { isDeepStrictEqual } from 'node:util';
import { corpusFiles, corpusNames, readDecoded } from '../../test/corpus/files.ts';
import { decodeCapture } from './tshark.ts';

export interface CorpusVerdict {
  readonly all: number;
  /** Names of captures that tshark decodes otherwise than the corpus says. */
  readonly differing: readonly string[];
}

export function verifyCorpus(): CorpusVerdict {
  const names = corpusNames();
  const differing = names.filter((name) => {
    const files = corpusFiles(name);
    const committed = readDecoded(files);
    const [decoded] = decodeCapture({
      path: files.capturePath,
      keyLogPath: files.keyLogPath,
      serverPorts: [committed.serverPort],
    });
    return !isDeepStrictEqual(JSON.parse(JSON.stringify(decoded ?? null)), committed);
  });
  return { all: names.length, differing };
}
