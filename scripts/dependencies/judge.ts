/** What is wrong with the packages that run with the program. */
import { reasons } from './reasons.ts';
import { type Lock, type Locked, runTimePackages } from './run-time-tree.ts';

/** SPDX: those that ask for no more than their text, which the executable prints. */
const allowedLicenses: readonly string[] = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT'];

/** Scripts that npm would run as it installs. */
const installScripts = ['preinstall', 'install', 'postinstall'];

export interface Installed {
  readonly scripts?: Readonly<Record<string, string>>;
  /** Whether it has a `binding.gyp`, for which npm has a script of its own. */
  readonly isBuilt: boolean;
}

/** `installed` gives undefined for a package of another platform. One sentence for each problem. */
export function judgePackages(
  lock: Lock,
  installed: (path: string) => Installed | undefined,
): readonly string[] {
  const packages = runTimePackages(lock);
  const names = new Set([...packages.values()].map(({ name }) => name));
  return [
    ...[...packages].flatMap(([path, { locked }]) => [
      ...judgeLocked(path, locked),
      ...judgeInstalled(path, installed(path)),
    ]),
    ...[...names]
      .filter((name) => reasons[name] === undefined)
      .map((name) => `${name} has no reason in scripts/dependencies/reasons.ts`),
    ...Object.keys(reasons)
      .filter((name) => !names.has(name))
      .map((name) => `${name} has a reason and is not there any more`),
  ];
}

function judgeLocked(path: string, locked: Locked): readonly string[] {
  const { license, integrity, hasInstallScript, dev } = locked;
  const problems: (string | false)[] = [
    !isAllowed(license) && `${path} has the licence ${license ?? 'of nobody knows what'}`,
    !integrity?.startsWith('sha512-') && `${path} is locked without a SHA-512 digest`,
    hasInstallScript === true && `${path} runs a script when it is installed`,
    dev === true && `${path} is needed at run time and locked for development alone`,
  ];
  return problems.filter((problem) => problem !== false);
}

function judgeInstalled(path: string, installed: Installed | undefined): readonly string[] {
  const found = installScripts.filter((name) => installed?.scripts?.[name] !== undefined);
  const scripts = found.map((name) => `${path} has the script ${name}`);
  return installed?.isBuilt ? [...scripts, `${path} is built when it is installed`] : scripts;
}

/** One of `A OR B` is enough, each of `A AND B` is needed; other expressions are for people to read. */
function isAllowed(license: string | undefined): boolean {
  return (license ?? '')
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((id) => allowedLicenses.includes(id)));
}
