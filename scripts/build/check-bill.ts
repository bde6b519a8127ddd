/** Checks a bill of materials: its form, by what CycloneDX 1.6 requires, and its content, by esbuild's account. */
import type { Metafile } from 'esbuild';
import type { LockFile } from './lock-file.ts';

interface Component {
  readonly type?: string;
  readonly group?: string;
  readonly name?: string;
  readonly version?: string;
  readonly purl?: string;
  readonly 'bom-ref'?: string;
  readonly licenses?: readonly unknown[];
  readonly components?: readonly Component[];
  readonly hashes?: readonly { readonly alg?: string; readonly content?: string }[];
}

interface Bill {
  readonly bomFormat?: string;
  readonly specVersion?: string;
  readonly version?: number;
  readonly metadata?: { readonly component?: Component };
  readonly components?: readonly Component[];
  readonly dependencies?: readonly {
    readonly ref?: string;
    readonly dependsOn?: readonly string[];
  }[];
}

/** Throws with what is wrong; gives `name version` of every package. */
export function checkBill(
  parsed: unknown,
  metafile: Metafile,
  lock: LockFile,
  runtime: string,
): readonly string[] {
  const bill = parsed as Bill;
  const components = bill.components ?? [];
  const problems = [
    ...headProblems(bill),
    ...components.flatMap(componentProblems),
    ...referenceProblems(bill, components),
  ];
  const named = components.map(({ group, name, version }) =>
    [[...(group === undefined ? [] : [group]), name].join('/'), version].join(' '),
  );
  const inside = packagesInside(metafile, lock, runtime);
  problems.push(
    ...inside.filter((name) => !named.includes(name)).map((name) => `${name} is not named`),
    ...named.filter((name) => !inside.includes(name)).map((name) => `${name} is not inside`),
  );
  if (problems.length > 0) throw new Error(`the bill of materials: ${problems.join('; ')}`);
  return named;
}

function headProblems({ bomFormat, specVersion, version, metadata }: Bill): readonly string[] {
  const isRight = bomFormat === 'CycloneDX' && specVersion === '1.6' && version === 1;
  const subject = metadata?.component;
  return [
    ...(isRight ? [] : ['its head is not CycloneDX 1.6']),
    ...(subject?.type === 'application' && subject.name === 'sidelight' ? [] : ['no subject']),
  ];
}

function componentProblems(component: Component): readonly string[] {
  const { type, name, version, purl, licenses = [], hashes = [] } = component;
  const faults = [
    ...(type === 'library' || type === 'platform' ? [] : ['type']),
    ...(name && version ? [] : ['name or version']),
    ...(/^pkg:npm\/(?:%40[\w.-]+\/)?[\w.-]+@[\w.-]+$/.test(purl ?? '') ? [] : ['purl']),
    ...(licenses.length === 1 ? [] : ['licenses']),
    ...(hashes.length === 1 && hashes.every(isSha512) ? [] : ['hashes']),
    ...(component.components ?? []).flatMap((inner) =>
      inner.type === 'library' && inner.name && inner.version !== ''
        ? []
        : [`component ${inner.name}`],
    ),
  ];
  return faults.map((fault) => `${name}: ${fault}`);
}

function isSha512({ alg, content }: { readonly alg?: string; readonly content?: string }): boolean {
  return alg === 'SHA-512' && /^[0-9a-f]{128}$/.test(content ?? '');
}

function referenceProblems(bill: Bill, components: readonly Component[]): readonly string[] {
  const all = [
    ...(bill.metadata?.component ? [bill.metadata.component] : []),
    ...components,
    ...components.flatMap((component) => component.components ?? []),
  ].map((component) => component['bom-ref'] ?? '');
  const used = (bill.dependencies ?? []).flatMap(({ ref = '', dependsOn = [] }) => [
    ref,
    ...dependsOn,
  ]);
  return [
    ...(new Set(all).size === all.length && !all.includes('') ? [] : ['bom-ref is not unique']),
    ...used
      .filter((ref) => !all.includes(ref))
      .map((ref) => `a dependency on ${ref}, which is not here`),
  ];
}

/** By the names of the files that an octet comes from, and the runtime. */
function packagesInside(
  { outputs }: Metafile,
  { packages }: LockFile,
  runtime: string,
): readonly string[] {
  const found = new Set([`${runtime} ${packages[`node_modules/${runtime}`]?.version}`]);
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput === 0 || !file.includes('node_modules/')) continue;
      const path = Object.keys(packages)
        .filter((each) => each !== '' && file.startsWith(`${each}/`))
        .sort((a, b) => b.length - a.length)[0];
      const name = path?.replace(/^.*node_modules\//, '');
      found.add(`${name} ${path === undefined ? undefined : packages[path]?.version}`);
    }
  }
  return [...found];
}
