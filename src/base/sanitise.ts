/** The one sanitiser that every string from a peer passes before it stands in evidence. */

/**
 * What may not reach a terminal, a log line or a page raw: controls, line separators, lone surrogates, and whatever shows
 * nothing of itself (category Cf, and what Unicode lets be ignored), with which two different texts look the same.
 */
const unsafe = (): RegExp => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Most texts are, and to build and compile what finds the rest takes 0.3 ms. */
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const escaped = (character: string): string => {
  const point = character.codePointAt(0) ?? 0;
  return point > 0xffff
    ? `\\u{${point.toString(16)}}`
    : `\\u${point.toString(16).padStart(4, '0')}`;
};

export const maxValueLength = 256;
export const maxNameLength = 1024;

/**
 * Makes a peer's string safe to print: unsafe characters become visible escapes (`\u001b`) and the
 * result is at most `maxLength` UTF-16 units, a cut marked by a final `…`.
 */
export function sanitise(text: string, maxLength: number = maxValueLength): string {
  // Cut first: work stays bounded however long the peer's string is.
  const bounded = text.slice(0, maxLength + 1);
  const safe = isPlain(bounded) ? bounded : bounded.replace(unsafe(), escaped);
  return safe.length <= maxLength
    ? safe
    : `${safe.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * JSON text without a character that is unsafe to print: each becomes JSON's own escape, so that parsing gives the
 * very same value. Outside strings JSON has none.
 */
export function escapeUnsafeInJson(json: string): string {
  if (isPlain(json)) return json;
  return json.replace(unsafe(), (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
