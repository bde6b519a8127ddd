/** Run by the runtime itself: node compile-part.ts SOURCE CACHE lazy|eager. Writes V8's code cache of a part. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const [source, cache, mode] = process.argv.slice(2);
if (source === undefined || cache === undefined) throw new Error('usage: SOURCE CACHE lazy|eager');
const text = readFileSync(source, 'latin1');
// V8 refuses a cache made under other flags, so the flag is back in its place before the cache is made.
if (mode === 'eager') setFlagsFromString('--no-lazy');
const script = new Script(text);
setFlagsFromString('--lazy');
writeFileSync(cache, script.createCachedData());
