/** The Java delegate beside us: whether there is one, and by what it judges a server. */
import { Secret } from '../base/secret.ts';
import type { DelegateConfig } from './config.ts';
import { delegateHome, type Environment, said } from './delegate-environment.ts';
import type { AgentSources, DelegateSources } from './delegate-sources.ts';
import { javaProperty } from './java-options.ts';
import type { LoadInput } from './load-config.ts';
import { type Findings, isSaid, type Place, settle } from './settings.ts';

/** Where the delegate's image keeps its Java. */
const imageJava = '/opt/java/openjdk';

const trustStoreProperty = 'javax.net.ssl.trustStore';

/** Undefined without any sign of a delegate, unless its trust store is given. What is in that file is evidence. */
export function loadDelegateSide(
  { exists }: LoadInput,
  sources: AgentSources,
  findings: Findings,
  place: Place,
): DelegateConfig | undefined {
  const isGiven = isSaid('javaTruststore', sources, place);
  const { env, isBeside } = sources.delegate;
  const found = isBeside && !isGiven ? findTrustStore(sources.delegate, exists) : undefined;
  const store = settle('javaTruststore', sources, findings, {
    ...place,
    ...(found && { otherwise: { raw: found.path, origin: found.origin } }),
    ...(isBeside && { looked: looked(env) }),
  });
  if (!isGiven && !isBeside) return undefined;
  return {
    ...(store && { trustStorePath: store.value }),
    ...(found?.password && { trustStorePassword: found.password }),
    ...(isSet(env, 'TRUST_ALL_CERTIFICATES') && { trustsAll: true }),
    ...(isSet(env, 'FIPS_ENABLED') && { fips: true }),
  };
}

interface FoundStore {
  readonly path: string;
  readonly origin: string;
  readonly password?: DelegateConfig['trustStorePassword'];
}

/** In words, for those who wonder why none was found. */
const looked = (env: Environment): string =>
  `looked for -D${trustStoreProperty}, ${[...workingStores(env), ...javaStores(env)].join(', ')}`;

/** Java takes its own store in place of a named one that is missing. */
function findTrustStore(
  { env, originOf }: DelegateSources,
  exists: (path: string) => boolean,
): FoundStore | undefined {
  const named = javaProperty(env, trustStoreProperty);
  if (!named?.value) return findUnnamed([...workingStores(env), ...javaStores(env)], exists);
  const origin = originOf(named.variable);
  const instead = exists(named.value) ? undefined : findUnnamed(javaStores(env), exists);
  if (instead) return { ...instead, origin: `${origin} names a file that is missing` };
  const password = javaProperty(env, `${trustStoreProperty}Password`)?.value;
  return {
    path: named.value,
    origin,
    password: password ? new Secret(password) : 'none',
  };
}

function findUnnamed(
  places: readonly string[],
  exists: (path: string) => boolean,
): FoundStore | undefined {
  const path = places.find(exists);
  return path === undefined ? undefined : { path, origin: "found where the delegate's Java looks" };
}

/** What the delegate's start makes of its CA bundle where Java's own store cannot be written. */
function workingStores(env: Environment): readonly string[] {
  if (isSet(env, 'FIPS_ENABLED')) return [];
  return [`${said(env, 'WORKING_DIR') ?? delegateHome}/custom-truststore`];
}

/** In the order in which they count. With FIPS, Java's ordinary stores are not used. */
function javaStores(env: Environment): readonly string[] {
  const javaHome = said(env, 'JAVA_HOME');
  const names = isSet(env, 'FIPS_ENABLED') ? ['cacerts-bcfks'] : ['jssecacerts', 'cacerts'];
  return [imageJava, ...(javaHome === undefined ? [] : [javaHome])].flatMap((home) =>
    names.map((name) => `${home}/lib/security/${name}`),
  );
}

function isSet(env: Environment, name: string): boolean {
  return said(env, name)?.toLowerCase() === 'true';
}
