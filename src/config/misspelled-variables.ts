/** Variables that look like ours and are not: a slip there would otherwise be silent. */
import type { Problem } from '../base/cannot-run.ts';
import type { Environment } from './delegate-environment.ts';
import { variableOf } from './option.ts';
import { optionNames, optionSpec } from './options.ts';
import { suggest } from './suggest.ts';

export const targetsVariable = 'SIDELIGHT_TARGETS';
export const debugVariable = 'SIDELIGHT_DEBUG';

/**
 * Only near misses: other variables with our prefix may belong to others (Kubernetes makes
 * `SIDELIGHT_SERVICE_HOST` and `SIDELIGHT_PORT…` for a service of that name).
 */
export function misspelledVariables(env: Environment): readonly Problem[] {
  const ours = [
    targetsVariable,
    debugVariable,
    ...optionNames.flatMap((name) => variableOf(optionSpec(name)) ?? []),
  ];
  return Object.keys(env).flatMap((where) => {
    if (!where.startsWith(prefix) || ours.includes(where)) return [];
    if (/_(?:SERVICE|PORT)(?:_|$)/.test(where)) return [];
    const near = suggest(
      where.slice(prefix.length),
      ours.map((name) => name.slice(prefix.length)),
    );
    if (near === undefined) return [];
    return [{ where, what: 'is an unknown variable', expected: `did you mean ${prefix}${near}?` }];
  });
}

const prefix = 'SIDELIGHT_';
