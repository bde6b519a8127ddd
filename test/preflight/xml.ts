/** A strict reader of the XML that we write: elements, attributes and text; throws on anything that is not well-formed. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
}

const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>/;
const token = /<(\/?)([a-z][\w-]*)((?: [a-z]+="[^"<]*")*)(\/?)>|[^<]+/gy;
const text = /^(?:[^&<]|&(?:amp|lt|gt|quot);)*$/;
/** What XML 1.0 section 2.2 knows as a character. */
const unknown = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export function readXml(document: string): readonly Element[] {
  if (!declaration.test(document)) throw new Error('no declaration');
  if (unknown.test(document)) throw new Error('a character that XML does not know');
  const body = document.replace(declaration, '');
  const top: Element = { name: '', attributes: {}, children: [] };
  const open = [top];
  let end = 0;
  for (const match of body.matchAll(token)) {
    end = match.index + match[0].length;
    take(match, open);
  }
  if (end !== body.length || open.length !== 1) throw new Error(`cut off at ${end}`);
  return top.children;
}

function take(match: RegExpExecArray, open: Element[]): void {
  const [all, closing, name, attributes = '', empty] = match;
  if (name === undefined) {
    if (!text.test(all) || all.includes(']]>')) throw new Error(`no text: ${all}`);
    return;
  }
  if (closing) {
    if (open.pop()?.name !== name) throw new Error(`closes another: ${all}`);
    return;
  }
  const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => {
    if (!text.test(value)) throw new Error(`no value: ${value}`);
    return [key, value] as const;
  });
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`twice: ${all}`);
  const element: Element = { name, attributes: Object.fromEntries(pairs), children: [] };
  open.at(-1)?.children.push(element);
  if (!empty) open.push(element);
}
