/** Loads our certificate, key and trust anchors, and writes down whatever is wrong with them. */
import { getCACertificates } from 'node:tls';
import { isoTime } from '../base/clock.ts';
import { Secret } from '../base/secret.ts';
import type { CredentialConfig } from '../config/config.ts';
import type { CertificateSeen, CredentialSeen, FileSeen } from '../evidence/evidence.ts';
import { isCredentialUnusable } from '../evidence/is-credential-unusable.ts';
import { readCertificate, sha256Hex } from '../x509/certificate.ts';
import { readPem } from '../x509/pem.ts';
import type { Credential } from './credential.ts';
import { joinPair, tryToLoad } from './join-pair.ts';
import { pkcs12AsPem } from './pkcs12-as-pem.ts';
import { readAnchors } from './read-anchors.ts';
import { readCertificateFile } from './read-certificates.ts';
import { type FileRead, readFile } from './read-file.ts';
import { readKeyFile } from './read-key.ts';

/**
 * Reads the files synchronously, each once, and never throws: what is wrong stands in `seen`.
 *
 * Where only one of certificate and key has a path, that file is taken for both, as `--cert combined.pem`
 * means it; so a key without a certificate shows as `wrong-block` of the certificate file, and the reverse.
 * `ciphers` is what the handshake will be limited to: `@SECLEVEL` in it decides which keys OpenSSL loads.
 */
export function loadCredential(config: CredentialConfig, ciphers?: readonly string[]): Credential {
  return assemble(config, (material) => tryToLoad(material, ciphers));
}

/** As `loadCredential`, but whether OpenSSL takes the pair is left to the context that is made of it. */
export function readCredential(config: CredentialConfig): Credential {
  return assemble(config, () => undefined);
}

type TryPair = Parameters<typeof joinPair>[3];

function assemble(config: CredentialConfig, tryPair: TryPair): Credential {
  const passphrase = readPassphrase(config.passphrasePath);
  const anchors = loadAnchors(config);
  const pair = loadPair(config, passphrase.secret, tryPair);
  const { lookedFor } = config;
  const seen: CredentialSeen = {
    ...(pair ? pair.seen : lookedFor && { lookedFor }),
    ...(passphrase.seen && { passphraseFile: passphrase.seen }),
    ...anchors.seen,
  };
  return {
    seen,
    ...(pair?.leaf && {
      clientCertificate: { ...pair.leaf, path: pair.certPath },
    }),
    ...(pair && pair.blocks.length > 0 && { chain: pair.blocks }),
    ...(pair?.material && !isCredentialUnusable(seen) && { material: pair.material }),
    ...(anchors.ca !== undefined && { ca: anchors.ca }),
  };
}

function loadPair(config: CredentialConfig, passphrase: Secret | undefined, tryPair: TryPair) {
  const certPath = config.certPath ?? config.keyPath;
  const keyPath = config.keyPath ?? config.certPath;
  if (certPath === undefined || keyPath === undefined) return undefined;
  const certificateRead = pkcs12AsPem(readFile(certPath), passphrase);
  const keyRead =
    keyPath === certPath ? certificateRead : pkcs12AsPem(readFile(keyPath), passphrase);
  const certificateFile = readCertificateFile(certificateRead);
  return {
    certPath,
    ...joinPair(certificateFile, readKeyFile(keyRead, passphrase), passphrase, tryPair),
  };
}

/** Undefined `ca`: the usual anchors, whatever was asked for beside them. */
function loadAnchors({ caPath, extraCaPath }: CredentialConfig): {
  readonly seen: Pick<CredentialSeen, 'caFile' | 'caCertificates' | 'extraCaFile'>;
  readonly ca?: string;
} {
  if (caPath !== undefined) {
    const { seen: caFile, ca } = readAnchors(caPath);
    return { seen: { caFile, ...seeFew(ca) }, ...(ca !== undefined && { ca }) };
  }
  if (extraCaPath === undefined) return { seen: {} };
  const { seen: extraCaFile, ca } = readAnchors(extraCaPath);
  if (ca === undefined) return { seen: { extraCaFile } };
  const usual = getCACertificates('default').map((pem) => `${pem.trimEnd()}\n`);
  return { seen: { extraCaFile }, ca: [...usual, ca].join('') };
}

/** A bundle of a whole system says nothing about this gateway: some root of it always nears its end. */
const maxCasRead = 64;
/** More would fill the report. */
const maxCasSeen = 8;

function seeFew(ca: string | undefined): Pick<CredentialSeen, 'caCertificates'> {
  const ders = ca === undefined ? [] : readPem(ca).map(({ der }) => der);
  if (ders.length === 0 || ders.length > maxCasRead) return {};
  const few = ders.length > maxCasSeen ? firstToEnd(ders) : ders;
  return { caCertificates: few.map(nameAndDates) };
}

function firstToEnd(ders: readonly Uint8Array[]): readonly Uint8Array[] {
  return ders
    .map((der) => ({ der, endMs: readCertificate(der)?.notAfterMs ?? Number.POSITIVE_INFINITY }))
    .toSorted((one, other) => one.endMs - other.endMs)
    .slice(0, maxCasSeen)
    .map(({ der }) => der);
}

/** Not all that can be seen of a certificate: whether it signs itself would take up to a millisecond. */
function nameAndDates(der: Uint8Array): CertificateSeen {
  const certificate = readCertificate(der);
  if (certificate === undefined) return { sha256: sha256Hex(der) };
  const { sha256, subject, notBeforeMs, notAfterMs } = certificate;
  return {
    sha256,
    subject: subject.text,
    notBefore: isoTime(notBeforeMs),
    notAfter: isoTime(notAfterMs),
  };
}

/** One line end at the end is the editor's, not the passphrase's. */
function readPassphrase(path: string | undefined): { seen?: FileSeen; secret?: Secret } {
  if (path === undefined) return {};
  const { seen, octets }: FileRead = readFile(path);
  if (octets === undefined) return { seen };
  const text = octets.toString('utf8').replace(/\r?\n$/, '');
  return text === '' ? { seen: { ...seen, content: 'empty' } } : { seen, secret: new Secret(text) };
}
