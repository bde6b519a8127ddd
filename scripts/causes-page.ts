/** The page that documents every cause and every alert, from the texts that `sidelight explain` prints. */
import { catalogue } from '../src/diagnosis/catalogue.ts';
import type { Cause, Side } from '../src/diagnosis/cause.ts';
import { alertMeanings } from '../src/format/alert-meanings.ts';
import { alerts } from '../src/tls/alert.ts';

const sides: readonly (readonly [side: Side, heading: string])[] = [
  ['delegate', 'For the delegate to fix'],
  ['network', 'For the network to fix'],
  ['proxy', 'For the proxy to fix'],
  ['gateway', 'For the gateway to fix'],
];

const introduction = `# Causes and alerts

What \`sidelight explain\` prints, for reading at leisure. Every report names one cause by its code; the
codes are stable. \`certain\` means that what was seen excludes the neighbours, \`likely\` that it speaks
for this cause and a neighbour remains, \`possible\` that it fits this cause among others.

This page is made from the program: \`npx vitest run test/format/causes-page.test.ts -u\` writes it anew.
`;

export function causesPage(): string {
  const causes = sides.map(([side, heading]) => {
    const ofSide = catalogue.filter((cause) => cause.side === side);
    return [`## ${heading}`, ...inOrder(ofSide).map(causeSection)].join('\n\n');
  });
  const ofAlerts = Object.entries(alerts).map(([code, name]) => alertSection(Number(code), name));
  return `${[introduction.trimEnd(), ...causes, '## Alerts', ...ofAlerts].join('\n\n')}\n`;
}

function inOrder(causes: readonly Cause[]): readonly Cause[] {
  return causes.toSorted((one, other) => (one.code < other.code ? -1 : 1));
}

function causeSection({ code, title, documentation }: Cause): string {
  const reasons = catalogue.filter(({ outranks }) => outranks?.includes(code));
  const instead = reasons.map((each) => `[${each.code}](#${each.code})`).join(', ');
  return [
    `### ${code}`,
    `**${title}.**`,
    documentation,
    ...(instead === ''
      ? []
      : [`When one of these fits as well, it is named in its place: ${instead}.`]),
  ].join('\n\n');
}

function alertSection(code: number, name: string): string {
  return `### ${name}\n\nAlert ${code}. ${alertMeanings[name] ?? ''}`;
}
