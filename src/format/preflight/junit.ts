/** A preflight as JUnit XML, which CI systems show: a check is a test case, and a warning one that passed with a note.
 * The name is the title alone: a CI system follows a test by its name, and the code of a handshake turns with its cause. */
import { sanitise } from '../../base/sanitise.ts';
import type { CheckResult } from '../../preflight/check.ts';
import type { Preflight } from '../../preflight/preflight.ts';
import type { PreflightFormatOptions } from './formats.ts';

export function junit({ verdict, checks }: Preflight, { what }: PreflightFormatOptions): string {
  const isStrict = verdict === 'broken' && checks.every(({ outcome }) => outcome !== 'failed');
  /** Where warnings alone break the verdict, they are what failed. */
  const isFailure = ({ outcome }: CheckResult): boolean =>
    outcome === 'failed' || (isStrict && outcome === 'warning');
  const failures = checks.filter(isFailure).length;
  const skippedCount = checks.filter(({ outcome }) => outcome === 'skipped').length;
  const counts = `tests="${checks.length}" failures="${failures}" errors="0" skipped="${skippedCount}"`;
  const name = attribute(`sidelight preflight: ${what}`);
  const cases = checks.map((check) => testCase(check, what, isFailure(check)));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sidelight" ${counts}>`,
    `  <testsuite name="${name}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(check: CheckResult, what: string, isFailure: boolean): string {
  const { code, title, evidence } = check;
  const className = `sidelight.preflight.${what.replace(/[^a-z]+/gi, '-')}`;
  const head = `    <testcase classname="${attribute(className)}" name="${attribute(title)}"`;
  const told = body(check, isFailure);
  const why = attribute(evidence.join(' '));
  if (isFailure) {
    return `${head}>\n      <failure type="${attribute(code)}" message="${why}">${told}</failure>\n    </testcase>`;
  }
  if (check.outcome === 'skipped') {
    return `${head}>\n      <skipped message="${why}">${characters(`See ${check.documentation}`)}</skipped>\n    </testcase>`;
  }
  return `${head}>\n      <system-out>${told}</system-out>\n    </testcase>`;
}

function body({ outcome, evidence, remedy, documentation }: CheckResult, isFailure: boolean) {
  const lines = [
    ...(outcome === 'warning' && !isFailure ? ['Warning.'] : []),
    ...evidence,
    ...(remedy === null ? [] : [`Next: ${remedy}`]),
    `See ${documentation}`,
  ];
  return lines.map(characters).join('\n');
}

/** More than any sentence of ours takes. */
const maxLength = 16_384;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Sanitised first: XML 1.0 knows no control characters, not even escaped ones. */
function characters(value: string): string {
  return sanitise(value, maxLength).replace(/[&<>"]/g, (one) => references[one] ?? one);
}

const attribute = characters;
