/** The Java delegate beside us: whether there is one, and by what it judges a server. */
import { Secret } from '../base/secret.ts';
import type { DelegateConfig } from './config.ts';
import { type Environment, said } from './delegate-environment.ts';
import { javaProperty } from './java-options.ts';
import type { LoadInput } from './load-config.ts';
import { type Findings, isSaid, type Place, type Sources, settle } from './settings.ts';

/** Variables that nothing but the delegate's image or chart sets. */
const signs = [
  'MANAGER_HOST_AND_PORT',
  'DELEGATE_NAME',
  'DELEGATE_TOKEN',
  'DELEGATE_CLIENT_CERTIFICATE_PATH',
  'DELEGATE_CLIENT_CERTIFICATE_KEY_PATH',
] as const;

/** Where the delegate's image keeps its Java, and where it works unless it is told otherwise. */
const image = { java: '/opt/java/openjdk', workingDirectory: '/opt/harness-delegate' } as const;

const trustStoreProperty = 'javax.net.ssl.trustStore';

/** Undefined without any sign of a delegate, unless its trust store is given. What is in that file is evidence. */
export function loadDelegateSide(
  { env, exists }: LoadInput,
  sources: Sources,
  findings: Findings,
  place: Place,
): DelegateConfig | undefined {
  const isGiven = isSaid('javaTruststore', sources, place.fileTarget);
  const isBeside = signs.some((name) => said(env, name) !== undefined);
  const found = isBeside && !isGiven ? findTrustStore(env, exists) : undefined;
  const store = settle('javaTruststore', sources, findings, {
    ...place,
    ...(found && { otherwise: { raw: found.path, origin: found.origin } }),
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

function findTrustStore(
  env: Environment,
  exists: (path: string) => boolean,
): FoundStore | undefined {
  const named = javaProperty(env, trustStoreProperty);
  if (named?.value) {
    const password = javaProperty(env, `${trustStoreProperty}Password`)?.value;
    return {
      path: named.value,
      origin: named.origin,
      password: password ? new Secret(password) : 'none',
    };
  }
  const path = placesOf(env).find(exists);
  return path === undefined ? undefined : { path, origin: "found where the delegate's Java looks" };
}

/** In the order in which they count. With FIPS, Java's ordinary stores are not used. */
function placesOf(env: Environment): readonly string[] {
  const javaHome = said(env, 'JAVA_HOME');
  const security = [image.java, ...(javaHome === undefined ? [] : [javaHome])].map(
    (home) => `${home}/lib/security`,
  );
  if (isSet(env, 'FIPS_ENABLED')) return security.map((folder) => `${folder}/cacerts-bcfks`);
  return [
    `${said(env, 'WORKING_DIR') ?? image.workingDirectory}/custom-truststore`,
    ...security.flatMap((folder) => [`${folder}/jssecacerts`, `${folder}/cacerts`]),
  ];
}

function isSet(env: Environment, name: string): boolean {
  return said(env, name)?.toLowerCase() === 'true';
}
