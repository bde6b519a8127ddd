/** OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME: what is said of us besides what we say ourselves. */
import { sanitise } from '../../base/sanitise.ts';
import { type Environment, said } from '../delegate-environment.ts';
import type { Findings } from '../settings.ts';
import { notPairs, parsePairs, type Said } from './otel-variables.ts';

const listVariable = 'OTEL_RESOURCE_ATTRIBUTES';
const nameVariable = 'OTEL_SERVICE_NAME';
const maxAttributes = 64;

/** The name goes before `service.name` in the list. */
export function loadResourceAttributes(
  env: Environment,
  { problems, origins }: Findings,
): Readonly<Record<string, string>> {
  const list = said(env, listVariable);
  const pairs = list === undefined ? [] : parsePairs(list);
  if (!pairs) problems.push(notPairs(listVariable));
  if ((pairs?.length ?? 0) > maxAttributes) {
    const expected = `at most ${maxAttributes} attributes`;
    problems.push({ where: listVariable, what: `holds ${pairs?.length} attributes`, expected });
  }
  const name = said(env, nameVariable);
  const attributes = new Map<string, Said<string>>(
    pairs?.map(([key, value]) => [key, { value, origin: listVariable }]),
  );
  if (name !== undefined) attributes.set('service.name', { value: name, origin: nameVariable });
  for (const [key, { value, origin }] of attributes) {
    origins.push({ setting: `otlp.resource.${sanitise(key, 80)}`, value: sanitise(value), origin });
  }
  return Object.fromEntries([...attributes].map(([key, { value }]) => [key, value]));
}
