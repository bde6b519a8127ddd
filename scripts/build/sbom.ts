/** What is in an executable, as a software bill of materials: CycloneDX 1.6 (ECMA-424), https://cyclonedx.org/docs/1.6/json/. */
import type { CarriedPackage } from './carried.ts';
import type { RuntimeLibrary } from './runtime-libraries.ts';

export interface Subject {
  readonly version: string;
  /** Of the commit; absent outside a repository. */
  readonly commit?: string;
  readonly architecture: string;
  readonly packages: readonly CarriedPackage[];
  readonly runtime: CarriedPackage;
  readonly runtimeLibraries: readonly RuntimeLibrary[];
}

/** Without serial number and time, so that the same input gives the same octets. */
export function sbom(subject: Subject): object {
  const { version, commit, architecture, packages, runtime, runtimeLibraries } = subject;
  const own = `pkg:generic/sidelight@${version}?arch=${architecture}`;
  const libraries = runtimeLibraries.map((library) => ({
    type: 'library',
    'bom-ref': `${purl(runtime)}#${library.name}`,
    ...library,
  }));
  const runtimeComponent = {
    ...component(runtime),
    type: 'platform',
    description: 'Node.js, with the libraries that are linked into it',
    components: libraries,
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': own,
        name: 'sidelight',
        version,
        purl: own,
        ...(commit !== undefined && {
          properties: [{ name: 'sidelight:commit', value: commit }],
        }),
      },
    },
    components: [...packages.map(component), runtimeComponent],
    dependencies: dependencyGraph(own, packages, runtime),
  };
}

function component({ name, locked, license, paths }: CarriedPackage) {
  const { version, integrity } = locked;
  const ref = purl({ name, locked });
  const [, scope, plain = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return {
    type: 'library',
    'bom-ref': ref,
    ...(scope !== undefined && { group: scope }),
    name: plain,
    version,
    licenses: [/\s/.test(license) ? { expression: license } : { license: { id: license } }],
    purl: ref,
    // Of the archive that the package's URL stands for.
    hashes: [{ alg: 'SHA-512', content: sha512(integrity) }],
    properties: paths.map((path) => ({ name: 'cdx:npm:package:path', value: path })),
  };
}

/** https://github.com/package-url/purl-spec: the scope's @ is percent-encoded. */
function purl({ name, locked }: Pick<CarriedPackage, 'name' | 'locked'>): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${locked.version}`;
}

function sha512(integrity: string | undefined): string {
  const [, digest] = /^sha512-(\S+)$/.exec(integrity ?? '') ?? [];
  if (digest === undefined) throw new Error(`an integrity without SHA-512: ${integrity}`);
  return Buffer.from(digest, 'base64').toString('hex');
}

/** Only between what is carried: what a package depends on and nobody bundled is not here. */
function dependencyGraph(
  own: string,
  packages: readonly CarriedPackage[],
  runtime: CarriedPackage,
) {
  const byPath = new Map(packages.flatMap((each) => each.paths.map((path) => [path, purl(each)])));
  const edges = packages.map((each) => ({
    ref: purl(each),
    dependsOn: [
      ...new Set(
        Object.keys(each.locked.dependencies ?? {}).flatMap((name) =>
          each.paths.flatMap((path) => resolveFrom(path, name, byPath)),
        ),
      ),
    ].sort(),
  }));
  const all = [...packages, runtime].map(purl);
  return [{ ref: own, dependsOn: all.sort() }, ...edges, { ref: purl(runtime) }];
}

/** As Node resolves: the nearest node_modules upwards. */
function resolveFrom(
  path: string,
  name: string,
  byPath: ReadonlyMap<string, string>,
): readonly string[] {
  for (let place = path; ; place = place.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
    const found = byPath.get(`${place === '' ? '' : `${place}/`}node_modules/${name}`);
    if (found !== undefined) return [found];
    if (place === '') return [];
  }
}
