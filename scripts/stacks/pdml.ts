/** Reads PDML, tshark's XML of dissected packets, into trees. tshark writes one element a line, which is all that is understood. */

export interface Field {
  /** `tls.handshake.type`; empty for a field that has only text. */
  readonly name: string;
  /** The value as tshark shows it: decimal, `0x1302`, text. */
  readonly show: string;
  /** The same with its label, for people: `Handshake Type: Finished (20)`. */
  readonly label: string;
  /** The octets in hex; empty where tshark gives none. */
  readonly value: string;
  readonly fields: Field[];
}

/** One tree a packet, whose children are its protocols. */
export function readPdml(xml: string): readonly Field[] {
  const root = newField('');
  let open: Field[] = [root];
  for (const line of xml.split('\n')) {
    const element = line.trimStart();
    if (element.startsWith('</')) {
      open.pop();
    } else if (opensField.test(element)) {
      const field = newField(element);
      // What stands outside of packets is tshark's frame around them.
      if (element.startsWith('<packet>')) open = [root];
      open.at(-1)?.fields.push(field);
      if (!element.endsWith('/>')) open.push(field);
    }
  }
  return root.fields;
}

const opensField = /^<(?:packet>|proto |field )/;

/** Every field of that name below, in the order of the packet. */
export function allOf(field: Field, name: string): readonly Field[] {
  return field.fields.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...allOf(child, name),
  ]);
}

export function firstOf(field: Field, name: string): Field | undefined {
  return allOf(field, name)[0];
}

/** Decimal or hex as shown; NaN where the field is absent. */
export function numberOf(field: Field, name: string): number {
  return Number(firstOf(field, name)?.show ?? Number.NaN);
}

export function numbersOf(field: Field, name: string): readonly number[] {
  return allOf(field, name).map(({ show }) => Number(show));
}

function newField(element: string): Field {
  return {
    name: attribute(element, 'name'),
    show: attribute(element, 'show'),
    label: attribute(element, 'showname'),
    value: attribute(element, 'value'),
    fields: [],
  };
}

function attribute(element: string, name: string): string {
  const begin = element.indexOf(` ${name}="`);
  if (begin < 0) return '';
  const from = begin + name.length + 3;
  return plain(element.slice(from, element.indexOf('"', from)));
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
};

function plain(text: string): string {
  return text.includes('&')
    ? text.replace(/&(?:lt|gt|quot|amp);/g, (entity) => entities[entity] ?? '')
    : text;
}
