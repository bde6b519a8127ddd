/** Java's trust stores of every format, and PKCS#12 as a client's file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../../src/base/secret.ts';
import { readTrustStore } from '../../../src/credential/java/trust-store.ts';
import { pkcs12AsPem } from '../../../src/credential/pkcs12-as-pem.ts';
import { corpusFiles, corpusNames, readDecoded } from '../../../test/corpus/files.ts';
import { jks, pkcs12 } from '../../../test/support/java-trust-store.ts';
import { type FuzzTarget, hold } from '../target.ts';

const made = join(import.meta.dirname, '../../../test/credential/java/made-by-keytool');
const anchors = corpusNames()
  .flatMap((name) => readDecoded(corpusFiles(name)).serverCertificates ?? [])
  .slice(0, 2)
  .map((hex) => Buffer.from(hex, 'hex'));
const bags = anchors.map((der, keyId) => ({ der, keyId }));
const password = new Secret('changeit');

export const keyStore: FuzzTarget = {
  syntax: 'der',
  seeds: [
    ...readdirSync(made).map((name) => readFileSync(join(made, name))),
    ...[jks({ anchors }), jks({ anchors, keyChains: [anchors], version: 1 })],
    ...[pkcs12({ bags }), pkcs12({ bags, keyIds: [1], password: 'changeit' })],
  ],
  // Sixteen key derivations of a million rounds are as much as a file of our own may ask for.
  maxMs: 8_000,
  run: (input) => {
    const octets = Buffer.from(input);
    const { anchors: found } = readTrustStore(octets, password);
    const bytes = found.reduce((sum, der) => sum + der.length, 0);
    hold(bytes <= 2 * input.length + 64, 'a trust store gave more than it had');
    pkcs12AsPem({ octets, seen: { path: 'fuzz.p12' } }, password);
  },
};
