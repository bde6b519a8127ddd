/** What OTEL_* variables say: those of one signal go before those of all, an empty one says nothing. */
import type { Problem } from '../../base/cannot-run.ts';
import { type Environment, said } from '../delegate-environment.ts';

/** A value with the variable that said it. */
export interface Said<Value> {
  readonly value: Value;
  readonly origin: string;
}

/** Looks up `ENDPOINT` as OTEL_EXPORTER_OTLP_LOGS_ENDPOINT, else OTEL_EXPORTER_OTLP_ENDPOINT. */
export type ExporterVariables = (name: string) => Said<string> | undefined;

export function exporterVariables(signal: 'logs' | 'metrics', env: Environment): ExporterVariables {
  return (name) => {
    const variables = [`${prefix}${signal.toUpperCase()}_${name}`, `${prefix}${name}`];
    for (const origin of variables) {
      const value = said(env, origin);
      if (value !== undefined) return { value, origin };
    }
    return undefined;
  };
}

const prefix = 'OTEL_EXPORTER_OTLP_';

/**
 * `key=value` pairs separated by commas, values percent-encoded (W3C Baggage without properties). Undefined when any of
 * it is something else: then none of it counts.
 */
export function parsePairs(text: string): readonly (readonly [string, string])[] | undefined {
  const pairs: [string, string][] = [];
  for (const member of text.split(',')) {
    if (member.trim() === '') continue;
    const [, name = '', encoded = ''] = /^\s*([^\s=,;]+)\s*=\s*([^,;]*?)\s*$/.exec(member) ?? [];
    const value = decoded(encoded);
    if (name === '' || value === undefined) return undefined;
    pairs.push([name, value]);
  }
  return pairs;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Of a variable that may hold a secret: its text is not quoted. */
export function notPairs(where: string): Problem {
  return {
    where,
    what: 'is no list of pairs',
    expected: 'key=value,key2=value2, with %2C for a comma, %3B for a semicolon and %25 for %',
  };
}
