/** Whether a value has the shape that a schema says, for what was read back from a file: the words that our own schemas use. */
import type { JsonSchema } from './json-schema.ts';

export interface ShapeFault {
  /** As in a program: `tls.serverCertificates[0].sha256`; empty for the whole. */
  readonly path: string;
  /** What is wrong there, without the value. */
  readonly what: string;
}

/**
 * The first fault, or undefined. Properties that the schema does not know are no fault: a later version may write
 * more. `document` holds the definitions that `$ref` names.
 */
export function findShapeFault(
  value: unknown,
  schema: JsonSchema,
  document: JsonSchema = schema,
  path = '',
): ShapeFault | undefined {
  const resolved = resolve(schema, document);
  const { anyOf } = resolved;
  if (Array.isArray(anyOf)) {
    const fits = anyOf.some((each) => !findShapeFault(value, each, document, path));
    return fits ? undefined : { path, what: 'has none of the shapes that it may have' };
  }
  const what = faultOfValue(value, resolved);
  if (what !== undefined) return { path, what };
  if (Array.isArray(value)) return faultInList(value, resolved, document, path);
  return isRecord(value) ? faultInRecord(value, resolved, document, path) : undefined;
}

function resolve(schema: JsonSchema, document: JsonSchema): JsonSchema {
  const name = /^#\/\$defs\/(.+)$/.exec(String(schema['$ref'] ?? ''))?.[1];
  if (name === undefined) return schema;
  const definitions = document['$defs'] as Readonly<Record<string, JsonSchema>>;
  return definitions[name] ?? {};
}

type Rule = (value: unknown, limit: unknown) => string | undefined;

/** By keyword; each says what is wrong. */
const rules: Readonly<Record<string, Rule>> = {
  type: (value, type) => (isOfType(value, String(type)) ? undefined : `is not of type ${type}`),
  const: (value, wanted) => (value === wanted ? undefined : `is not ${JSON.stringify(wanted)}`),
  enum: (value, allowed) =>
    (allowed as readonly unknown[]).includes(value) ? undefined : 'is none of the values allowed',
  pattern: (value, pattern) =>
    typeof value === 'string' && !new RegExp(String(pattern), 'u').test(value)
      ? 'is not written as it should be'
      : undefined,
  minimum: (value, least) =>
    typeof value === 'number' && value < Number(least) ? `is below ${least}` : undefined,
  minItems: (value, least) =>
    Array.isArray(value) && value.length < Number(least) ? 'has too few items' : undefined,
  maxItems: (value, most) =>
    Array.isArray(value) && value.length > Number(most) ? 'has too many items' : undefined,
};

function faultOfValue(value: unknown, schema: JsonSchema): string | undefined {
  for (const [keyword, limit] of Object.entries(schema)) {
    const what = Object.hasOwn(rules, keyword) ? rules[keyword]?.(value, limit) : undefined;
    if (what !== undefined) return what;
  }
  return undefined;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function faultInList(
  list: readonly unknown[],
  { items }: JsonSchema,
  document: JsonSchema,
  path: string,
): ShapeFault | undefined {
  if (!isRecord(items)) return undefined;
  for (const [index, item] of list.entries()) {
    const fault = findShapeFault(item, items, document, `${path}[${index}]`);
    if (fault) return fault;
  }
  return undefined;
}

function faultInRecord(
  record: Readonly<Record<string, unknown>>,
  { required, properties }: JsonSchema,
  document: JsonSchema,
  path: string,
): ShapeFault | undefined {
  const within = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const wanted = Array.isArray(required) ? required.map(String) : [];
  const missing = wanted.find((name) => !Object.hasOwn(record, name));
  if (missing !== undefined) return { path: within(missing), what: 'is missing' };
  const known = isRecord(properties) ? properties : {};
  for (const [name, schema] of Object.entries(known)) {
    if (!Object.hasOwn(record, name)) continue;
    const fault = findShapeFault(record[name], schema as JsonSchema, document, within(name));
    if (fault) return fault;
  }
  return undefined;
}

/** The keywords that are understood, besides those that describe and do not limit. */
export const understoodKeywords: readonly string[] = [
  ...Object.keys(rules),
  ...['$ref', 'anyOf', 'items', 'properties', 'required'],
];
