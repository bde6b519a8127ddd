/** Certificates of either side that come near their end: one warning for each kind, of the one that ends first. */
import type { CertificateSeen, Evidence } from '../evidence/evidence.ts';
import type { Situation } from './cause.ts';
import { lastExpiryThreshold } from './expiry-thresholds.ts';
import { intermediatesOf } from './own-certificate.ts';
import { apartInWords, epochMs } from './time.ts';
import type { Look, Warning } from './warning.ts';

type Read = (evidence: Evidence) => readonly (CertificateSeen | undefined)[];

const kinds: readonly (readonly [code: string, whose: string, read: Read])[] = [
  [
    'client-certificate-expires-soon',
    'Our client certificate',
    ({ clientCertificate }) => [clientCertificate],
  ],
  ['client-intermediate-expires-soon', 'An intermediate certificate above ours', intermediatesOf],
  [
    'client-ca-expires-soon',
    'The CA above our certificate',
    ({ clientCertificate, credential }) =>
      (credential.chain ?? []).filter(
        ({ selfSigned, sha256 }) => selfSigned === true && sha256 !== clientCertificate?.sha256,
      ),
  ],
  [
    'ca-expires-soon',
    'A CA certificate by which we trust the gateway',
    ({ credential }) => credential.caCertificates ?? [],
  ],
  [
    'server-certificate-expires-soon',
    'The certificate of the gateway',
    ({ tls }) => tls?.serverCertificates?.slice(0, 1) ?? [],
  ],
  [
    'server-chain-expires-soon',
    'A certificate above that of the gateway',
    ({ tls }) => tls?.serverCertificates?.slice(1) ?? [],
  ],
];

export const expiryWarnings: readonly Look[] = kinds.map(
  ([code, whose, read]) =>
    (situation) =>
      expiresSoon(code, whose, read, situation),
);

function expiresSoon(
  code: string,
  whose: string,
  read: Read,
  { evidence }: Situation,
): Warning | undefined {
  const now = evidence.time;
  const [first] = read(evidence)
    .flatMap((certificate) => {
      const threshold = certificate && lastExpiryThreshold(certificate, now);
      return threshold ? [{ certificate, threshold }] : [];
    })
    .toSorted((one, other) => endOf(one) - endOf(other));
  if (!first) return undefined;
  const { certificate, threshold } = first;
  const { notAfter, subject } = certificate;
  const named = code.includes('-certificate-') ? 'It' : (subject ?? 'It');
  return {
    code,
    title: `${whose} expires soon`,
    evidence: `${named} expires on ${notAfter}, in ${apartInWords(notAfter, now)}: ${threshold.inWords}.`,
    threshold: threshold.name,
    certificateSha256: certificate.sha256,
  };
}

function endOf({ certificate }: { readonly certificate: CertificateSeen }): number {
  return epochMs(certificate.notAfter) ?? 0;
}
