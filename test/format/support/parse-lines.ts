/** Readers of CEF, LEEF and RFC 5424, written from their specifications and not from our writers. */

export interface ParsedEvent {
  readonly header: readonly string[];
  readonly fields: ReadonlyMap<string, string>;
}

function put(fields: Map<string, string>, name: string, value: string): void {
  if (fields.has(name)) throw new Error(`the key ${name} stands twice`);
  fields.set(name, value);
}

/** The header up to the seventh bare `|`, then keys, each a word that a bare `=` ends. */
export function parseCef(line: string): ParsedEvent {
  const { characters, mask } = readEscapes(line);
  const ends = [...mask.matchAll(/\|/g)].slice(0, 7).map(({ index }) => index);
  const last = ends.at(-1);
  if (ends.length < 7 || last === undefined) throw new Error('the header is not whole');
  const header = ends.map((end, index) =>
    characters.slice((ends[index - 1] ?? -1) + 1, end).join(''),
  );
  const fields = new Map<string, string>();
  const extension = mask.slice(last + 1);
  const values = characters.slice(last + 1);
  const keys = [...extension.matchAll(/(?:^| )([A-Za-z0-9]+)=/g)];
  if (keys.length !== extension.split('=').length - 1)
    throw new Error('an equals sign without a key');
  keys.forEach((key, index) => {
    const value = values.slice(key.index + key[0].length, keys[index + 1]?.index);
    put(fields, key[1] ?? '', value.join(''));
  });
  return { header, fields };
}

const cefEscapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ['|', '|'],
  ['=', '='],
  ['n', '\n'],
  ['r', '\r'],
]);

/** Index by index the same, but what an escape gave stands in the mask as a backslash, which is never bare. */
function readEscapes(text: string): {
  readonly characters: readonly string[];
  readonly mask: string;
} {
  const characters: string[] = [];
  let mask = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\') at += 1;
    const meant = character === '\\' ? cefEscapes.get(text[at] ?? '') : character;
    if (meant === undefined) throw new Error(`escapes ${text[at]}`);
    characters.push(meant);
    mask += character;
  }
  return { characters, mask };
}

export function parseLeef(line: string): ParsedEvent {
  const [version = '', vendor = '', product = '', release = '', event = '', delimiter, ...rest] =
    line.split('|');
  if (delimiter !== 'x09') throw new Error(`another delimiter: ${delimiter}`);
  const fields = new Map<string, string>();
  for (const attribute of rest.join('|').split('\t')) {
    const end = attribute.indexOf('=');
    if (end <= 0) throw new Error(`an attribute without a key: ${attribute}`);
    put(fields, attribute.slice(0, end), attribute.slice(end + 1));
  }
  return { header: [version, vendor, product, release, event], fields };
}

export interface ParsedSyslog extends ParsedEvent {
  readonly message: string;
}

/** Header: PRI with version, TIMESTAMP, HOSTNAME, APP-NAME, PROCID, MSGID; fields as `SD-ID.PARAM-NAME`. */
export function parseSyslog(line: string): ParsedSyslog {
  const head =
    /^(<(?:0|[1-9]\d{0,2})>1) (\S+) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) (?=[[-])/;
  const [whole = '', ...header] = head.exec(line) ?? [];
  if (whole === '') throw new Error('no header of RFC 5424');
  const fields = new Map<string, string>();
  const element = /\[([^ =\]"]{1,32})((?: [^ =\]"]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\]/y;
  element.lastIndex = whole.length;
  for (let found = element.exec(line); found; found = element.exec(line)) {
    const [text, id = '', parameters = ''] = found;
    for (const [, name = '', value = ''] of parameters.matchAll(
      / ([^ =\]"]+)="((?:[^"\\\]]|\\["\\\]])*)"/g,
    )) {
      put(fields, `${id}.${name}`, value.replaceAll(/\\(["\\\]])/g, '$1'));
    }
    element.lastIndex = found.index + text.length;
    if (line[element.lastIndex] === ' ') {
      return { header, fields, message: line.slice(element.lastIndex + 1) };
    }
  }
  throw new Error('the structured data does not end');
}

/** Keys that stand twice in one object, which `JSON.parse` hides. */
export function repeatedKeys(json: string): readonly string[] {
  const repeated: string[] = [];
  const open: Set<string>[] = [];
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      if (open.at(-1)?.has(token)) repeated.push(token);
      open.at(-1)?.add(token);
    }
  }
  return repeated;
}
