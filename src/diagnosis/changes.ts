/** What differs between the last accepted evidence and this one, fact by fact. */
import type { CertificateSeen, Evidence } from '../evidence/evidence.ts';
import type { Baseline, Change } from './baseline.ts';
import { haveAuthoritiesChanged } from './since-baseline.ts';

type Read = (evidence: Evidence) => unknown;

const leafOf = ({ tls }: Evidence): CertificateSeen | undefined => tls?.serverCertificates?.[0];

/** Paths of the report, each with how to read it. Absent means not observed, and then nothing is compared. */
const facts: Readonly<Record<string, Read>> = {
  'clientCertificate.sha256': ({ clientCertificate }) => clientCertificate?.sha256,
  // Whether a proxy is used is always known: none is an observation too.
  'target.proxy': ({ target }) => target.proxy ?? null,
  'steps.tcp.address': ({ steps }) => steps.find(({ name }) => name === 'tcp')?.address,
  'tls.version': ({ tls }) => tls?.version,
  'tls.cipherSuite': ({ tls }) => tls?.cipherSuite,
  'tls.alpn': ({ tls }) => tls?.alpn,
  'tls.serverCertificates[0].sha256': (evidence) => leafOf(evidence)?.sha256,
  'tls.serverCertificates[0].issuer': (evidence) => leafOf(evidence)?.issuer,
  'tls.serverAuthorized': ({ tls }) => tls?.serverAuthorized,
  'tls.clientCertificateRequested': ({ tls }) => tls?.clientCertificateRequested,
  'http.status': ({ http }) => http?.status,
  'websocket.status': ({ websocket }) => websocket?.status,
};

export function changesSince(baseline: Baseline, evidence: Evidence): readonly Change[] {
  const changes = Object.entries(facts).flatMap(([what, read]) => {
    const [before, now] = [read(baseline.evidence), read(evidence)];
    return before === undefined || now === undefined || before === now
      ? []
      : [{ what, before, now }];
  });
  return [...changes, ...authoritiesChange(baseline, evidence)];
}

/** Named by their names; where those agree and the names' octets do not, by the fingerprint of the list. */
function authoritiesChange(baseline: Baseline, evidence: Evidence): readonly Change[] {
  if (!haveAuthoritiesChanged(evidence, baseline)) return [];
  const [before, now] = [baseline.evidence.tls, evidence.tls];
  const names = {
    what: 'tls.certificateAuthorities',
    before: before?.certificateAuthorities ?? [],
    now: now?.certificateAuthorities ?? [],
  };
  if (JSON.stringify(names.before) !== JSON.stringify(names.now)) return [names];
  return [
    {
      what: 'tls.certificateAuthoritiesSha256',
      before: before?.certificateAuthoritiesSha256 ?? null,
      now: now?.certificateAuthoritiesSha256 ?? null,
    },
  ];
}
