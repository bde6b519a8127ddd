/** What the Java delegate would see where we looked: it has its own trust store, key rules and choice of certificate, and compares no host names. */
import type { DelegateSeen, Evidence, Outcome, TrustStoreFault } from '../evidence/evidence.ts';
import { keyFaults } from './delegate-key.ts';
import { concludeOutcome } from './outcome.ts';
import { isIssuerNamed } from './own-certificate.ts';
import { isServerUntrusted, stoppedLocally } from './reading.ts';
import { refusalOf } from './refusal.ts';

export interface DelegateView {
  readonly outcome: Outcome;
  /** In whole sentences: why, and in what it differs from us. */
  readonly because: string;
}

type Rule = (evidence: Evidence, delegate: DelegateSeen) => DelegateView | undefined;

/** Undefined where nothing speaks of a delegate. Its obstacles stand in the order in which it would meet them. */
export function delegateView(evidence: Evidence): DelegateView | undefined {
  const { delegate } = evidence;
  if (delegate === undefined) return undefined;
  for (const rule of rules) {
    const view = rule(evidence, delegate);
    if (view) return view;
  }
  return sameAsOurs(evidence);
}

const rules: readonly Rule[] = [
  keyNotLoaded,
  stoppedByOurFiles,
  stoppedBeforeTls,
  serverDistrusted,
  refusedByFips,
  sendsNoCertificate,
  serverDistrustedByUs,
  trustUnknown,
];

function keyNotLoaded({ credential }: Evidence): DelegateView | undefined {
  const faults = keyFaults(credential);
  if (faults.length === 0) return undefined;
  const rule = 'It takes only an RSA key, unencrypted in PKCS#8, alone in its file.';
  return { outcome: 'failed', because: `It cannot load the key. ${faults.join(' ')} ${rule}` };
}

function stoppedByOurFiles(evidence: Evidence): DelegateView | undefined {
  if (!stoppedLocally(evidence)) return undefined;
  const { certificateFile, keyFile, keyMatchesCertificate, loadError } = evidence.credential;
  const isBroken = [certificateFile, keyFile].some((file) => file?.error ?? file?.content);
  if (isBroken || keyMatchesCertificate === false) {
    const because = 'It reads the same certificate and key, and they cannot be used.';
    return { outcome: 'failed', because };
  }
  const what = loadError === undefined ? 'a file that it does not read' : `OpenSSL's ${loadError}`;
  const because = `We stopped at ${what}, which is no rule of Java's; nothing was dialled.`;
  return { outcome: 'unconfirmed', because };
}

function stoppedBeforeTls(evidence: Evidence): DelegateView | undefined {
  const { outcome, layer } = concludeOutcome(evidence);
  const isEarly = layer === 'dns' || layer === 'tcp' || layer === 'proxy';
  return isEarly
    ? { outcome, because: `It meets the same obstacle at ${layer}, before TLS begins.` }
    : undefined;
}

function serverDistrusted(_: Evidence, delegate: DelegateSeen): DelegateView | undefined {
  if (delegate.trustsAll || delegate.trustsServer !== false) return undefined;
  const { distrust = 'no-path', trustStore } = delegate;
  const store = trustStore ? `its trust store ${trustStore.file.path}` : 'its trust store';
  return {
    outcome: 'failed',
    because: `It does not trust the server, by ${store}: ${distrustInWords[distrust]}.`,
  };
}

export const distrustInWords = {
  'no-path': 'no certificate in it issued what the server sent',
  'store-unusable': 'Java cannot read it',
  expired: 'a certificate on the path has expired',
  'not-yet-valid': 'a certificate on the path is not valid yet',
  'not-a-ca': 'a certificate on the path may not issue any',
  purpose: 'the certificate of the server is not meant for servers',
} as const satisfies Record<NonNullable<DelegateSeen['distrust']>, string>;

/** With FIPS: no SHA-1, no RSA below 2048 bits, no EC below 224, in our certificate or in the server's chain. */
export function refusedByFips(evidence: Evidence): DelegateView | undefined {
  if (!evidence.delegate?.fips) return undefined;
  const { clientCertificate, tls } = evidence;
  const ours = clientCertificate ? [clientCertificate] : [];
  // Nobody verifies the signature of a root.
  const theirs = (tls?.serverCertificates ?? []).filter(({ selfSigned }) => !selfSigned);
  const weak = [...ours, ...theirs].find(isWeakForFips);
  if (!weak) return undefined;
  const { subject = 'a certificate', keyAlgorithm = 'unknown', keyBits, signatureAlgorithm } = weak;
  const key = `${keyAlgorithm}${keyBits === undefined ? '' : ` of ${keyBits} bits`}`;
  const because = `It runs with FIPS, which refuses ${subject}: key ${key}, signature ${signatureAlgorithm ?? 'unknown'}.`;
  return { outcome: 'failed', because };
}

type Weighed = Pick<
  NonNullable<Evidence['clientCertificate']>,
  'keyAlgorithm' | 'keyBits' | 'signatureAlgorithm'
>;

function isWeakForFips({ keyAlgorithm, keyBits, signatureAlgorithm = '' }: Weighed): boolean {
  const least = keyAlgorithm === 'ec' ? 224 : keyAlgorithm === 'rsa' ? 2048 : 0;
  return (keyBits !== undefined && keyBits < least) || /sha-?1(?!\d)|md5/i.test(signatureAlgorithm);
}

/** As many names as evidence keeps: of a longer list the rest is not known. */
const namesKept = 64;

/** Java sends a certificate only when one of its issuers is named, or nobody is; OpenSSL sends it anyway. */
export function sendsNoCertificate(evidence: Evidence): DelegateView | undefined {
  const { tls, clientCertificate, experiments = [] } = evidence;
  const named = tls?.certificateAuthorities ?? [];
  if (!tls?.clientCertificateRequested || !clientCertificate) return undefined;
  if (isIssuerNamed(evidence) !== false || named.length >= namesKept) return undefined;
  const without = experiments.find(({ changed }) => changed === 'no-client-certificate')?.outcome;
  const refused = concludeOutcome(evidence).outcome === 'rejected' ? 'rejected' : 'unconfirmed';
  return {
    outcome: without ?? refused,
    because: `It sends no certificate: the gateway names only ${named.join('; ')}, and Java answers only with a certificate from an issuer that is named. A gateway that requires one then says certificate_required (116), or handshake_failure (40) in TLS 1.2.`,
  };
}

/** Where our own verdict over the server ended the look, and not the gateway's over us. */
function serverDistrustedByUs(
  evidence: Evidence,
  delegate: DelegateSeen,
): DelegateView | undefined {
  if (!isServerUntrusted(evidence)) return undefined;
  const code = evidence.tls?.serverAuthorizationError ?? '';
  const isName = code === 'ERR_TLS_CERT_ALTNAME_INVALID';
  const trusts = delegate.trustsAll || delegate.trustsServer;
  if (!trusts && !isName) return undefined;
  const reason = delegate.trustsAll
    ? 'It trusts every server (TRUST_ALL_CERTIFICATES)'
    : isName
      ? 'It compares no host names'
      : 'Its trust store holds the issuer of the server';
  const unknown = trusts
    ? ''
    : ` Whether it trusts the issuer is not known: ${whyUnknown(delegate)}.`;
  const refused = refusalOf(evidence) !== undefined;
  const verdict = refused
    ? 'It meets the refusal that we met.'
    : 'Whether the gateway accepts it was not asked.';
  return {
    outcome: refused ? 'rejected' : 'unconfirmed',
    because: `${reason}, so it goes on where we stopped (${code}).${unknown} ${verdict}`,
  };
}

function trustUnknown(evidence: Evidence, delegate: DelegateSeen): DelegateView | undefined {
  const { outcome } = concludeOutcome(evidence);
  const isSettled =
    outcome === 'rejected' || (outcome === 'failed' && !isServerUntrusted(evidence));
  if (delegate.trustsAll || delegate.trustsServer !== undefined || isSettled) return undefined;
  const because = `Nothing but its trust store could make a difference, and what that holds is not known: ${whyUnknown(delegate)}.`;
  return { outcome: 'unconfirmed', because };
}

function whyUnknown({ trustStore }: DelegateSeen): string {
  if (!trustStore) return 'no trust store was found';
  const { file, fault, format } = trustStore;
  if (file.error) return `${file.path} could not be read (${file.error})`;
  if (fault) return `${file.path} ${faultInWords(fault, format)}`;
  return 'the server sent no certificate that could be read';
}

function faultInWords(fault: TrustStoreFault, format: string = 'unknown'): string {
  switch (fault) {
    case 'unreadable-format':
      return format === 'unknown'
        ? 'is in no format that is known here'
        : `is in the format ${format.toUpperCase()}, which is not read here`;
    case 'unsupported-encryption':
      return 'is encrypted in a form that is not read here';
    case 'password-unknown':
      return 'is encrypted with a password that is not known here';
    case 'password-missing':
      return 'is encrypted, and Java is told no password';
    case 'wrong-password':
      return 'does not open with the password that Java is told';
    case 'damaged':
      return 'is damaged';
  }
}

function sameAsOurs(evidence: Evidence): DelegateView {
  const { outcome } = concludeOutcome(evidence);
  const { trustsAll, trustsServer } = evidence.delegate ?? {};
  const trust = trustsAll
    ? 'It trusts every server (TRUST_ALL_CERTIFICATES)'
    : trustsServer
      ? 'Its trust store verifies the server'
      : 'Nothing on the way shows a difference';
  return { outcome, because: `${trust}, and the rest of its rules leads to what we saw.` };
}
