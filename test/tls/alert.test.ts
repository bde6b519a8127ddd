import { expect, test } from 'vitest';
import { alertCode, alertLevelName, alertName, alerts } from '../../src/tls/alert.ts';

test('every name leads back to its number', () => {
  for (const [code, name] of Object.entries(alerts)) expect(alertCode(name)).toBe(Number(code));
  expect(new Set(Object.values(alerts)).size).toBe(Object.keys(alerts).length);
});

test.for([
  [48, 'unknown_ca'],
  [41, 'no_certificate'],
  [116, 'certificate_required'],
  [121, 'ech_required'],
  [222, 'unknown'],
] as const)('alert %i is %s', ([code, name]) => {
  expect(alertName(code)).toBe(name);
});

test('a name that no alert has leads to no number', () => {
  expect(alertCode('unknown')).toBeUndefined();
});

test('levels beside warning and fatal are unknown', () => {
  expect([1, 2, 0, 3].map(alertLevelName)).toEqual(['warning', 'fatal', 'unknown', 'unknown']);
});
