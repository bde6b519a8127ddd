/** Every code of a check is explained where its anchor says, and nothing else is. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { explain } from '../../src/format/explain.ts';
import { checkMeanings } from '../../src/format/preflight/check-meanings.ts';
import { clientChecks } from '../../src/preflight/client/client-checks.ts';
import { compareReports } from '../../src/preflight/compare.ts';
import { gatewayChecks } from '../../src/preflight/gateway/gateway-checks.ts';
import { delegatesTrust } from '../../src/preflight/gateway/trusted.ts';
import { acceptsClient } from '../../src/preflight/live.ts';
import { documentationOf } from '../../src/preflight/preflight.ts';
import { evidence } from '../support/evidence.ts';

const root = resolve(import.meta.dirname, '../..');
const looked = { ...evidence(), outcome: 'accepted' } as const;
const codes = [
  ...new Set([
    ...[...clientChecks, ...gatewayChecks, ...compareReports(looked, looked)].map(
      ({ code }) => code,
    ),
    acceptsClient,
    delegatesTrust,
  ]),
];

function headingsOf(page: string): readonly string[] {
  const text = readFileSync(resolve(root, page), 'utf8');
  return [...text.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);
}

test.for(codes)('%s has a heading at its anchor', (code) => {
  const [page = '', anchor] = documentationOf(code).split('#');
  expect(headingsOf(page)).toContain(anchor);
});

test('every heading of the page is a code', () => {
  const headings = headingsOf('docs/preflight.md');
  expect(headings).toEqual(headings.toSorted());
  expect(headings.filter((heading) => !codes.includes(heading))).toEqual([]);
  expect(headings).toEqual([...new Set(headings)]);
});

test('the program explains each code in the words of the page', () => {
  const page = readFileSync(resolve(root, 'docs/preflight.md'), 'utf8');
  const sections = page.split(/^### /m).slice(1);
  const written = sections.map((section) => {
    const [code = '', ...lines] = section.split('\n');
    return [code, lines.join(' ').replaceAll('`', '').replace(/\s+/g, ' ').trim()];
  });
  expect(checkMeanings).toEqual(Object.fromEntries(written));
  for (const code of codes) expect(explain(code), code).toContain(code);
});

test.for([
  ['clientChecks', clientChecks],
  ['gatewayChecks', gatewayChecks],
] as const)('%s: no code stands twice', ([, checks]) => {
  const all = (checks as readonly { readonly code: string }[]).map(({ code }) => code);
  expect(all).toEqual([...new Set(all)]);
});

/** The command in a file of YAML, however its lines are broken. */
function commandIn(text: string): readonly string[] {
  const [, rest = ''] =
    /\bsidelight (preflight [^|]*?)(?=\n *(?:artifacts|- name):|$)/s.exec(text) ?? [];
  const words = rest.replace(/\\\n/g, ' ').match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replaceAll('"', ''));
}

test.for(['github-actions.yaml', 'gitlab-ci.yaml'])('the step in %s is a command line', (name) => {
  const text = readFileSync(resolve(root, 'deploy/ci', name), 'utf8');
  const { command, problems, options, args } = parseCommandLine(commandIn(text));
  expect(problems).toEqual([]);
  expect(args).toEqual([]);
  expect(command).toBe('preflight gateway');
  expect(options).toMatchObject({ preflightFormat: 'junit', preflightOutput: 'preflight.xml' });
});

test('the init container in the page runs a command line', () => {
  const page = readFileSync(resolve(root, 'docs/preflight.md'), 'utf8');
  const [, list = ''] = /^ +args: \[(.+)\]$/m.exec(page) ?? [];
  const { command, problems } = parseCommandLine(list.split(', '));
  expect({ command, problems }).toEqual({ command: 'preflight client', problems: [] });
});
