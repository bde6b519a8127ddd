/** Certificates, names, revocation lists and OCSP responses in DER. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeCertificate } from '../../../src/evidence/certificate-seen.ts';
import { Transcript } from '../../../src/tls/transcript.ts';
import { readCertificate } from '../../../src/x509/certificate.ts';
import { readCrl } from '../../../src/x509/crl.ts';
import { isSameName, readName } from '../../../src/x509/name.ts';
import { readOcspResponse } from '../../../src/x509/ocsp-response.ts';
import { readPem } from '../../../src/x509/pem.ts';
import { corpusFiles, corpusNames, readDecoded } from '../../../test/corpus/files.ts';
import { makePki } from '../../../test/support/openssl.ts';
import { readSegments } from '../../../test/support/pcap.ts';
import { type FuzzTarget, hold, holdSafe } from '../target.ts';

const fromHex = (hex: string): Buffer => Buffer.from(hex, 'hex');
const decoded = corpusNames().map((each) => readDecoded(corpusFiles(each)));
const certificates = decoded
  .flatMap(({ serverCertificates = [], clientCertificates = [] }) => [
    ...serverCertificates,
    ...clientCertificates,
  ])
  .map(fromHex);

export const certificate: FuzzTarget = {
  syntax: 'der',
  seeds: certificates,
  run: (input) => {
    const read = readCertificate(input);
    if (read) holdSafe(seeCertificate(read.der), 'a certificate');
  },
};

export const name: FuzzTarget = {
  syntax: 'der',
  seeds: certificates.flatMap((der) => {
    const read = readCertificate(der);
    return read ? [Buffer.from(read.subject.der), Buffer.from(read.issuer.der)] : [];
  }),
  run: (input) => {
    const text = readName(input);
    if (text === undefined) return;
    holdSafe(text, 'a name');
    hold(text.length <= 1_024, 'a name is too long');
    hold(isSameName(input, input), 'a name is not the same as itself');
  },
};

/** Made with openssl: the corpus holds none. */
function makeCrls(): readonly Buffer[] {
  const directory = mkdtempSync(join(tmpdir(), 'sidelight-fuzz-'));
  try {
    const pki = makePki(directory);
    const ca = pki.ca('Delegate CA');
    const path = pki.crl(ca, [pki.leaf({ cn: 'one', ca }), pki.leaf({ cn: 'other', ca })]);
    return readPem(readFileSync(path, 'utf8')).map(({ der }) => Buffer.from(der));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export const makeCrl = (): FuzzTarget => ({
  syntax: 'der',
  seeds: makeCrls(),
  run: (input) => {
    const read = readCrl(input);
    if (read) holdSafe({ ...read, revoked: [...read.revoked.keys()] }, 'a revocation list');
  },
});

/** Of every capture that has one. */
function stapled(): readonly Buffer[] {
  return corpusNames().flatMap((each) => {
    const { capturePath } = corpusFiles(each);
    const transcript = new Transcript();
    for (const { direction, octets, atMs } of readSegments(readFileSync(capturePath))) {
      transcript[direction](octets, atMs);
    }
    const { ocspResponse } = transcript.snapshot();
    return ocspResponse ? [Buffer.from(ocspResponse)] : [];
  });
}

export const ocsp: FuzzTarget = {
  syntax: 'der',
  seeds: stapled(),
  run: (input) => holdSafe(readOcspResponse(input), 'an OCSP response'),
};
