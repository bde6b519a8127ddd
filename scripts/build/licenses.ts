/** The licences of everything in an executable as one text. */
import type { CarriedPackage } from './carried.ts';

const rule = '='.repeat(80);

export function licensesText(packages: readonly CarriedPackage[]): string {
  const overview = packages.map(
    ({ name, locked, license }) => `  ${name} ${locked.version}: ${license}`,
  );
  const texts = packages.map(({ name, locked, license, licenseText }) =>
    [rule, `${name} ${locked.version} (${license})`, rule, '', licenseText, ''].join('\n'),
  );
  const intro = 'This executable carries, beside Sidelight itself:';
  const runtime =
    'Node.js, and the libraries within it, stand under the package that brings the runtime.';
  return `${[intro, '', ...overview, '', runtime, '', ...texts].join('\n')}`;
}
