/** Certification paths are found by names, key identifiers and signatures, in whatever order the certificates come. */
import { expect, test } from 'vitest';
import { type Certificate, readCertificate } from '../../src/x509/certificate.ts';
import { buildPath, isIssuedBy } from '../../src/x509/path.ts';
import { type Issued, makePki, toDer } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
const read = ({ cert }: Issued): Certificate => readCertificate(toDer(cert))!;
const rootIssued = pki.ca('Root');
const upperIssued = pki.ca('Upper', { ca: rootIssued });
const lowerIssued = pki.ca('Lower', { ca: upperIssued });
const [root, upper, lower] = [rootIssued, upperIssued, lowerIssued].map(read) as [
  Certificate,
  Certificate,
  Certificate,
];
const leaf = read(pki.leaf({ cn: 'delegate', ca: lowerIssued }));
const namesake = read(pki.ca('Lower'));

test.for([
  ['in order', [leaf, lower, upper, root]],
  ['backwards', [root, upper, lower, leaf]],
  ['shuffled', [upper, leaf, root, lower]],
] as const)('a whole chain %s becomes a path to its root', ([, certificates]) => {
  expect(buildPath(certificates)).toEqual({ path: [leaf, lower, upper, root], strays: [] });
});

test('a gap ends the path and names the issuer that is missing', () => {
  expect(buildPath([leaf, upper, root])).toEqual({
    path: [leaf],
    strays: [upper, root],
    missingIssuer: 'CN=Lower',
  });
});

test('a path that ends below its root asks for the root', () => {
  expect(buildPath([leaf, lower, upper]).missingIssuer).toBe('CN=Root');
});

test('a namesake with another key issued nothing', () => {
  expect(isIssuedBy(leaf, namesake)).toBe(false);
  expect(buildPath([leaf, namesake, lower], leaf)).toMatchObject({
    path: [leaf, lower],
    strays: [namesake],
  });
});

test('a namesake without key identifiers is told by the signature', () => {
  const bare = { ...leaf, extensions: {} };
  expect(isIssuedBy(bare, namesake)).toBe(false);
  expect(isIssuedBy(bare, lower)).toBe(true);
});

test('a duplicate is a stray', () => {
  expect(buildPath([leaf, lower, { ...lower }]).strays).toHaveLength(1);
});

test('a given leaf is the leaf even when it issued others', () => {
  expect(buildPath([leaf, lower, upper], lower)).toEqual({
    path: [lower, upper],
    strays: [leaf],
    missingIssuer: 'CN=Root',
  });
});

test('two certificates that issued each other do not go round forever', () => {
  const cross = read(pki.ca('Root', { ca: lowerIssued, keyPath: rootIssued.keyPath }));
  const { path } = buildPath([upper, lower, cross]);
  expect(path.length).toBeLessThanOrEqual(3);
});

test('nothing becomes nothing', () => {
  expect(buildPath([])).toEqual({ path: [], strays: [] });
});
