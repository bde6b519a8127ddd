/** A report holds its evidence unchanged, and nothing that is secret. */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { evidenceOf } from '../../src/report/make-report.ts';
import { plainUrl } from '../../src/report/redact.ts';
import { causeCases } from '../diagnosis/cases/all.ts';
import { answered, baseline, evidence, upgraded } from '../support/evidence.ts';
import { reportOn } from './corpus.ts';

test.for(causeCases)('a stored report of $code ($when) is diagnosed again alike', ({ look }) => {
  const stored = JSON.parse(JSON.stringify(reportOn(look.evidence, look.baseline)));
  expect(evidenceOf(stored)).toEqual(look.evidence);
  const again = diagnose(evidenceOf(stored), look.baseline);
  expect(again.cause).toEqual(stored.cause);
});

test('what is absent from the parts is absent from the report', () => {
  const report = reportOn(evidence());
  for (const name of ['layer', 'proxy', 'websocket', 'changes', 'event', 'delivery']) {
    expect(Object.keys(report)).not.toContain(name);
  }
});

test('the keys come in the order in which a person reads them', () => {
  const keys = Object.keys(reportOn(answered({ status: 403 }), baseline()));
  expect(keys.slice(0, 9)).toEqual([
    'schema',
    'id',
    'time',
    'sequence',
    'runId',
    'agent',
    'target',
    'outcome',
    'layer',
  ]);
  expect(keys.at(-1)).toBe('attempt');
});

const secret = 'canary';
test('no query, fragment or userinfo of any URL gets into a report', () => {
  const target = {
    ...evidence().target,
    url: `https://user:${secret}@gateway.example/a?token=${secret}#${secret}`,
    proxy: `http://user:${secret}@proxy.example:3128`,
  };
  const locationOrigin = `https://${secret}@elsewhere.example/?${secret}`;
  const seen = {
    ...upgraded({ status: 302, http: { locationOrigin } }),
    target,
    http: { status: 302, locationOrigin },
  };
  expect(JSON.stringify(reportOn(seen))).not.toContain(secret);
});

test.for([
  ['https://gateway.example:8443/path', 'https://gateway.example:8443/path'],
  ['https://a:b@gateway.example/?q=1', 'https://gateway.example/'],
  ['https://a@b@gateway.example', 'https://gateway.example'],
  ['wss://gateway.example/x#y', 'wss://gateway.example/x'],
  ['https://gateway.example/@here', 'https://gateway.example/@here'],
  ['not a url?secret', 'not a url'],
] as const)('%s is shown as %s', ([url, shown]) => {
  expect(plainUrl(url)).toBe(shown);
});
