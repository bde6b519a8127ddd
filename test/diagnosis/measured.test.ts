/**
 * How far a confidence can be believed. The cases were written beside the causes, so the first table says no more than
 * that both agree; what tests the word `certain` is to take the extra attempts or the memory away from each case.
 */
import { expect, test } from 'vitest';
import { catalogue } from '../../src/diagnosis/catalogue.ts';
import { type Confidence, confidences } from '../../src/diagnosis/cause.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { causeCases } from './cases/all.ts';

interface Look {
  readonly title: string;
  readonly truth: string | null;
  readonly evidence: (typeof causeCases)[number]['look']['evidence'];
  readonly baseline?: (typeof causeCases)[number]['look']['baseline'];
}

const looks: readonly Look[] = causeCases.flatMap(({ code, when, look, nearMiss }) => [
  { title: `${code}: ${when}`, truth: code, ...look },
  { title: `${nearMiss.instead}: ${nearMiss.when}`, truth: nearMiss.instead, ...nearMiss.look },
]);

function rightAmong(confidence: Confidence): { readonly given: number; readonly right: number } {
  const given = looks
    .map(({ truth, evidence, baseline }) => ({ truth, ...diagnose(evidence, baseline) }))
    .filter(({ cause }) => cause?.confidence === confidence);
  return {
    given: given.length,
    right: given.filter((one) => one.cause?.code === one.truth).length,
  };
}

test('every answer that is marked certain is right', () => {
  const table = Object.fromEntries(confidences.map((each) => [each, rightAmong(each)]));
  // The table that the reader of this test wants to see.
  process.stdout.write(`${JSON.stringify(table)}\n`);
  expect(table['certain']?.given).toBeGreaterThan(60);
  expect(table['certain']?.right).toBe(table['certain']?.given);
});

test('every cause is the chosen one at least once', () => {
  const chosen = new Set(looks.map((look) => diagnose(look.evidence, look.baseline).cause?.code));
  expect(catalogue.map(({ code }) => code).filter((code) => !chosen.has(code))).toEqual([]);
});

/** Without the memory and the extra attempts another cause may be named, but what is then certain must still be true. */
test.for(looks)('$title: what is certain without experiments is not another cause', (look) => {
  const { experiments: _, ...evidence } = look.evidence;
  const { cause } = diagnose(evidence, look.baseline);
  if (cause?.confidence === 'certain') expect(stillTrue(cause.code, look.truth)).toBe(true);
});

test.for(looks)('$title: what is certain without a baseline is not another cause', (look) => {
  const { cause } = diagnose(look.evidence);
  if (cause?.confidence === 'certain') expect(stillTrue(cause.code, look.truth)).toBe(true);
});

/**
 * These name what was seen and leave open why: true whatever the deeper reason is. Each stands with the reasons that
 * it takes a memory or an extra attempt to see.
 */
const alsoTrue: Readonly<Record<string, readonly string[]>> = {
  'tcp-timeout': ['proxy-bypass-misapplied', 'ipv6-broken', 'dns-unexpected-address'],
  'tcp-refused': ['gateway-not-listening', 'dns-unexpected-address'],
  'proxy-refused': ['proxy-bypass-misapplied'],
  'client-key-mismatch': ['rotation-half-written'],
  'server-certificate-expired': ['gateway-replicas-disagree'],
  'server-certificate-name-mismatch': ['gateway-default-certificate'],
};

function stillTrue(code: string, truth: string | null): boolean {
  return code === truth || (alsoTrue[code] ?? []).includes(truth ?? '');
}
