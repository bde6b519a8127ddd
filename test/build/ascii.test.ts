/** Code becomes ASCII and means the same; where that cannot be, the build ends. */
import { runInNewContext } from 'node:vm';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';
import { assertAscii, inAscii } from '../../scripts/build/ascii.ts';

/** Cooked strings, then raw ones, then what was put in. */
const tag =
  'const tag = (pieces, ...parts) => JSON.stringify([pieces, pieces.raw, parts, Object.isFrozen(pieces)]);';

const samples = {
  'a string': '"– é \u{1f600} \u2028"',
  'a template': `\`▲ \${1 + 1} – \u{1f600}\``,
  'a tagged template': `${tag} tag\`– \${1} ▲ …\``,
  'a tagged template of characters that take two units': `${tag} tag\`\u{1f600}\${2}\u{10ffff}\``,
  'a tagged template of characters of one octet': `${tag} tag\`é \${3} ÿ\``,
  'a tagged template with escapes': `${tag} tag\`\\u2013 – \\n \\\\\``,
  'a tagged template whose escapes are none': `${tag} tag\`– \\unicode\``,
  'a template as it was written': `String.raw\`– \\n \${4} ▲\``,
  'a tagged template within another': `${tag} tag\`– \${tag\`… \${5}\`}\``,
  'one template object for each place': `${tag} const same = (pieces) => pieces; const f = () => same\`–\`; String(f() === f())`,
};

test.for(Object.entries(samples))('%s says the same in ASCII', async ([, source]) => {
  const { code } = await transform(source, { target: 'node24', format: 'cjs' });
  const ascii = await inAscii('sample', code);
  expect(ascii).toMatch(/^[\0-\x7f]*$/);
  expect(runInNewContext(ascii)).toBe(runInNewContext(source));
});

test('code that is ASCII stays as it is', async () => {
  const code = `const  f = (x) => \`a\${x}b\`;`;
  expect(await inAscii('sample', code)).toBe(code);
});

test('what cannot be told in ASCII ends the build, and says where', async () => {
  await expect(inAscii('./part.js', 'f(/[–▲]/.test(x))')).rejects.toThrow(
    /^\.\/part\.js is not ASCII, .*f\(\/\[–▲\]/,
  );
  expect(() => assertAscii('index', '"\u0080"')).toThrow('index is not ASCII');
});
