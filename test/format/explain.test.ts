/** What `sidelight explain` knows. */
import { expect, test } from 'vitest';
import { catalogue } from '../../src/diagnosis/catalogue.ts';
import { alertMeanings } from '../../src/format/alert-meanings.ts';
import { explain, suggest } from '../../src/format/explain.ts';
import { alerts } from '../../src/tls/alert.ts';

const unwrapped = (text: string | undefined): string => (text ?? '').replaceAll(/\s+/g, ' ');

test.for(catalogue)(
  '$code is explained with its documentation',
  ({ code, title, documentation }) => {
    const text = explain(code);
    expect(text?.split('\n')[0]).toBe(code);
    expect(unwrapped(text)).toContain(title);
    expect(unwrapped(text)).toContain(documentation);
    expect(text?.split('\n').every((line) => line.length <= 80)).toBe(true);
  },
);

test.for(Object.entries(alerts))(
  'alert %s is explained by number and by name alike',
  ([number, name]) => {
    expect(explain(number)).toContain(`alert ${number} (${name})`);
    expect(explain(name)).toBe(explain(number));
    expect(alertMeanings[name]).toMatch(/^[A-Z].*\.$/);
  },
);

test('no alert is described that has no name', () => {
  expect(new Set(Object.keys(alertMeanings))).toEqual(new Set(Object.values(alerts)));
});

test('an alert names the causes that speak of it', () => {
  const text = unwrapped(explain('48'));
  expect(text).toContain('client-issuer-not-accepted:');
  expect(text).toContain('client-certificate-self-signed:');
  expect(text).not.toContain('alpn-mismatch');
  expect(explain('unknown-ca')).toBe(explain('48'));
});

test('a cause names what is named in its place', () => {
  expect(unwrapped(explain('gateway-refused-our-certificate'))).toContain(
    'client-certificate-expired:',
  );
});

test('an alert without a name is explained by its number; what is no octet is not', () => {
  expect(explain('255')).toContain('alert 255 (unknown)');
  expect(explain('256')).toBeUndefined();
  expect(explain('-1')).toBeUndefined();
  expect(explain('unknown')).toBeUndefined();
});

test.for([
  ['client-certificate-expierd', 'client-certificate-expired'],
  ['unknwon_ca', 'unknown_ca'],
  ['tcp-refuse', 'tcp-refused'],
  ['issuer-not-accepted', 'client-issuer-not-accepted'],
] as const)('%s is near %s', ([typed, meant]) => {
  expect(explain(typed)).toBeUndefined();
  expect(suggest(typed)).toContain(meant);
});

test.for([
  ['client-cert-expired', 'client-certificate-expired'],
  ['cert_expired', 'certificate_expired'],
] as const)('%s, which abbreviates, means %s before all that is near', ([typed, meant]) => {
  expect(suggest(typed)[0]).toBe(meant);
});

test('what is near nothing suggests nothing', () => {
  expect(suggest('zzzzzzzzzzzz')).toEqual([]);
});
