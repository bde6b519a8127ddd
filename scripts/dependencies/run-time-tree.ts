/** The packages that run with the program, as the lock file has them and as Node would find them. */

export interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  /** Of development alone. */
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  /** By directory: `node_modules/undici`; the project itself is ''. */
  readonly packages: Readonly<Record<string, Locked>>;
}

export interface Node {
  readonly name: string;
  /** As the lock file knows it. */
  readonly path: string;
  /** Empty where the package stands with its own further up. */
  readonly needs: readonly Node[];
}

/** What the project names, each with what that needs. */
export function runTimeTree({ packages }: Lock): readonly Node[] {
  const shown = new Set<string>();
  const below = (path: string): readonly Node[] => {
    const { dependencies, optionalDependencies } = packages[path] ?? { version: '' };
    const names = Object.keys({ ...dependencies, ...optionalDependencies }).sort();
    return names.flatMap((name) => {
      const found = resolve(path, name, packages);
      if (found === undefined) return [];
      const isNew = !shown.has(found);
      shown.add(found);
      return [{ name, path: found, needs: isNew ? below(found) : [] }];
    });
  };
  return below('');
}

/** By path, each once. */
export function runTimePackages(lock: Lock): ReadonlyMap<string, { name: string; locked: Locked }> {
  const found = new Map<string, { name: string; locked: Locked }>();
  const walk = (nodes: readonly Node[]): void => {
    for (const { name, path, needs } of nodes) {
      const locked = lock.packages[path];
      if (locked) found.set(path, { name, locked });
      walk(needs);
    }
  };
  walk(runTimeTree(lock));
  return found;
}

/** The nearest node_modules upwards. */
function resolve(from: string, name: string, packages: Lock['packages']): string | undefined {
  for (let place = from; ; place = place.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
    const path = `${place === '' ? '' : `${place}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (place === '') return undefined;
  }
}
