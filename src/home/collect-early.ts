/** How soon the process that is a home collects its memory. */
import { setFlagsFromString } from 'node:v8';

/**
 * Left to itself V8 collects its old space when it is three to four times what is needed: with ten thousand connections
 * that come and go, 130 MB in place of 60 (measured), and collecting it earlier takes some hundredths of a processor.
 */
export function collectEarly(): void {
  setFlagsFromString('--heap-growing-percent=50');
}
