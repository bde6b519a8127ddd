/** The corpus: captures of real handshakes with their key logs, and what tshark says of each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decoded } from './decoded.ts';

export const corpusDirectory = join(import.meta.dirname, 'captures');

export interface CorpusFiles {
  readonly name: string;
  /** Classic pcap. */
  readonly capturePath: string;
  readonly keyLogPath: string;
  readonly decodedPath: string;
}

export function corpusFiles(name: string): CorpusFiles {
  const path = (extension: string): string => join(corpusDirectory, `${name}.${extension}`);
  return { name, capturePath: path('pcap'), keyLogPath: path('keys'), decodedPath: path('json') };
}

export function corpusNames(): readonly string[] {
  return readdirSync(corpusDirectory)
    .filter((name) => name.endsWith('.pcap'))
    .map((name) => name.slice(0, -'.pcap'.length))
    .sort();
}

export function readDecoded({ decodedPath }: CorpusFiles): Decoded {
  return JSON.parse(readFileSync(decodedPath, 'utf8'));
}
