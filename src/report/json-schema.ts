/** The few words of JSON Schema 2020-12 that the report needs, tied to the types so that neither can drift from the other. */

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

interface Optional {
  readonly optional: JsonSchema;
}

/** One entry for every property of `T`: a plain schema when it is always there, else `optional(…)`. */
export type PropertiesOf<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Optional : JsonSchema;
};

export function optional(schema: JsonSchema): Optional {
  return { optional: schema };
}

function isOptional(property: JsonSchema | Optional): property is Optional {
  return 'optional' in property;
}

/** An object with these properties and no others. */
export function objectOf<T>(properties: PropertiesOf<T>): JsonSchema {
  const entries = Object.entries<JsonSchema | Optional>(properties);
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, property]) => [
        name,
        isOptional(property) ? property.optional : property,
      ]),
    ),
    required: entries.flatMap(([name, property]) => (isOptional(property) ? [] : [name])),
    additionalProperties: false,
  };
}

export const text: JsonSchema = { type: 'string' };
export const yesOrNo: JsonSchema = { type: 'boolean' };
export const number: JsonSchema = { type: 'number' };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
/** RFC 3339 in UTC. */
export const time: JsonSchema = {
  type: 'string',
  pattern: '^[+-]?\\d{4,6}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$',
};
export const sha256: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

export function oneOf(...values: readonly string[]): JsonSchema {
  return { type: 'string', enum: [...values] };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** A reference to one of the named definitions of the same document. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` };
}
