/** Names within and beyond the constraints of a CA, as the `openssl` command judges them. */
import { expect, test } from 'vitest';
import { readCertificate } from '../../src/x509/certificate.ts';
import { namesBeyond, readNameConstraints } from '../../src/x509/name-constraints.ts';
import { type Issued, makePki, openssl, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const spare = pki.leaf({ cn: 'spare' });

interface Named {
  readonly cn?: string;
  readonly san?: string;
}

/** Constraints in OpenSSL's words, and names with whether they are within. */
const table: readonly (readonly [string, readonly (readonly [Named, boolean])[]])[] = [
  [
    'permitted;DNS:example.com',
    [
      [{ san: 'DNS:example.com' }, true],
      [{ san: 'DNS:a.EXAMPLE.com' }, true],
      [{ san: 'DNS:notexample.com' }, false],
      [{ san: 'DNS:example.com,DNS:example.org' }, false],
      [{ san: 'IP:192.0.2.1' }, true],
      [{ cn: 'delegate-1' }, true],
      [{ cn: 'delegate.example.org' }, false],
      [{ cn: 'delegate.example.org', san: 'DNS:example.com' }, true],
    ],
  ],
  [
    'permitted;DNS:.example.com',
    [
      [{ san: 'DNS:a.example.com' }, true],
      [{ san: 'DNS:example.com' }, false],
    ],
  ],
  [
    'excluded;DNS:secret.example.com',
    [
      [{ san: 'DNS:example.com' }, true],
      [{ san: 'DNS:a.secret.example.com' }, false],
    ],
  ],
  [
    'permitted;IP:192.0.2.0/255.255.255.0',
    [
      [{ san: 'IP:192.0.2.77' }, true],
      [{ san: 'IP:192.0.3.77' }, false],
      [{ san: 'IP:2001:db8::1' }, false],
    ],
  ],
  [
    'permitted;email:example.com,permitted;email:root@example.org,permitted;email:.example.net',
    [
      [{ san: 'email:a@example.com' }, true],
      [{ san: 'email:a@b.example.com' }, false],
      [{ san: 'email:root@EXAMPLE.org' }, true],
      [{ san: 'email:other@example.org' }, false],
      [{ san: 'email:a@b.example.net' }, true],
      [{ cn: '/CN=x/emailAddress=a@example.edu' }, false],
    ],
  ],
  [
    'permitted;URI:.example.com,permitted;URI:example.org',
    [
      [{ san: 'URI:spiffe://a.example.com/delegate' }, true],
      [{ san: 'URI:spiffe://example.com/delegate' }, false],
      [{ san: 'URI:https://example.org:8443/x' }, true],
      [{ san: 'URI:https://a.example.org/x' }, false],
    ],
  ],
  [
    'permitted;dirName:house',
    [
      [{ cn: '/O=Example/OU=Delegates/CN=delegate-1' }, true],
      [{ cn: '/O=EXAMPLE/OU=Delegates/CN=delegate-1' }, true],
      [{ cn: '/O=Example/CN=delegate-1' }, false],
      [{ cn: '/OU=Delegates/O=Example/CN=delegate-1' }, false],
    ],
  ],
];

const house = ['[house]', 'O=Example', 'OU=Delegates'];

function constrained(constraints: string): Issued {
  const line = `nameConstraints=critical,${constraints}`;
  const more = constraints.includes('dirName') ? house : [];
  return pki.ca('CA', { extensions: [line, ...more] });
}

function isWithin(ca: Issued, leaf: Issued): boolean {
  try {
    openssl(['verify', '-CAfile', ca.certPath, leaf.certPath]);
    return true;
  } catch {
    return false;
  }
}

test.for(table)('%s', ([constraints, rows]) => {
  const ca = constrained(constraints);
  const { nameConstraints } = readCertificate(toDer(ca.cert))?.extensions ?? {};
  for (const [named, expected] of rows) {
    const leaf = pki.leaf({ cn: 'x', ...named, ca, keyPath: spare.keyPath });
    const certificate = readCertificate(toDer(leaf.cert));
    if (!nameConstraints || !certificate) throw new Error('it was not read');
    const beyond = namesBeyond(nameConstraints, certificate, true);
    expect({ named, ours: beyond.length === 0, theirs: isWithin(ca, leaf) }).toEqual({
      ...{ named, ours: expected, theirs: expected },
    });
  }
});

test('what is beyond is told by its name', () => {
  const ca = constrained('permitted;DNS:example.com,permitted;IP:192.0.2.0/255.255.255.0');
  const { nameConstraints } = readCertificate(toDer(ca.cert))?.extensions ?? {};
  const leaf = pki.leaf({ cn: 'x', san: 'DNS:example.org,IP:198.51.100.1', ca });
  const certificate = readCertificate(toDer(leaf.cert));
  if (!nameConstraints || !certificate) throw new Error('it was not read');
  expect(namesBeyond(nameConstraints, certificate, true)).toEqual([
    'DNS:example.org',
    'IP:198.51.100.1',
  ]);
});

test('octets that are no constraints are none, and those that are cut short permit nothing', () => {
  const value = Buffer.from('3012a010300e820c6578616d706c652e636f6d00', 'hex');
  for (let length = 0; length < value.length; length += 1) {
    expect(readNameConstraints(value.subarray(0, length))).toBeUndefined();
  }
  expect(readNameConstraints(value)?.permitted).toHaveLength(1);
});
