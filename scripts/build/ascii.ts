/** Code in ASCII alone: the executable reads its parts as one octet a character, which is what starts fast. */
import { transform } from 'esbuild';

const foreign = /[^\0-\x7f]/;

/**
 * The same program in ASCII. esbuild escapes what stands in strings; in tagged templates it leaves the text as it was
 * written, for the tag may read it raw. As arrays of strings, cooked and raw, they are escaped too. Code that needs none of it
 * stays as it is. Throws where something is left.
 */
export async function inAscii(name: string, code: string): Promise<string> {
  if (!foreign.test(code)) return code;
  const lowered = await transform(code, {
    target: 'node24',
    supported: { 'template-literal': false },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
  });
  const result = lowered.code.trim();
  assertAscii(name, result);
  return result;
}

/** Throws for a part that would be misread. */
export function assertAscii(name: string, code: string): void {
  const at = code.search(foreign);
  if (at === -1) return;
  const place = JSON.stringify(code.slice(Math.max(at - 40, 0), at + 20));
  throw new Error(`${name} is not ASCII, write what is not as an escape: ${place}`);
}
