/** What does not explain the outcome and will matter: dates that come near, faults nobody minded, changes while all works. */
import type { CertificateSeen, FileSeen, Outcome } from '../evidence/evidence.ts';
import type { Situation } from './cause.ts';
import { changeWarnings } from './change-warnings.ts';
import { delegateSetupWarnings } from './delegate-setup-warnings.ts';
import {
  delegateKeyUnusable,
  delegateRefusesWeak,
  delegateSendsNone,
  trustDisagrees,
} from './delegate-warnings.ts';
import { expiryWarnings } from './expiry-warnings.ts';
import {
  intermediatesOf,
  isExpired,
  isNotYetValid,
  isWeak,
  lacksClientAuth,
  lacksDigitalSignature,
} from './own-certificate.ts';
import { isHandshakeComplete, isServerUntrusted } from './reading.ts';
import { refusalInWords, refusalOf } from './refusal.ts';
import { momentOf } from './since-baseline.ts';
import type { Look, Warning } from './warning.ts';
import { wayWarnings } from './way-warnings.ts';

/** Every warning that applies; what the chosen cause says already is left out. */
export function findWarnings(situation: Situation, causeCode?: string): readonly Warning[] {
  return looks.flatMap((look) => look(situation) ?? []).filter(({ code }) => code !== causeCode);
}

const looks: readonly Look[] = [
  ...expiryWarnings,
  ourFault('client-certificate-expired', 'Our client certificate has expired', isExpired, validity),
  ourFault(
    'client-certificate-not-yet-valid',
    'Our client certificate is not valid yet',
    isNotYetValid,
    validity,
  ),
  ourFault(
    'client-certificate-purpose',
    'Our certificate is not meant for clients',
    lacksClientAuth,
    purpose,
  ),
  ourFault(
    'client-certificate-key-usage',
    'Our certificate does not allow its key to sign',
    lacksDigitalSignature,
    keyUsage,
  ),
  ourFault('client-certificate-weak', 'Our client certificate is too weak', isWeak, strength),
  intermediateExpired,
  keyFileExposed,
  delegateKeyUnusable,
  trustDisagrees,
  delegateSendsNone,
  delegateRefusesWeak,
  certificateNotRequested,
  untrustedServerRefused,
  ...wayWarnings,
  ...delegateSetupWarnings,
  ...changeWarnings,
];

/** A fault of our certificate that is no cause: the gateway did not mind it, or the look did not get that far. */
function ourFault(
  code: string,
  title: string,
  isFaulty: (certificate: CertificateSeen, now: string) => boolean,
  inWords: (certificate: CertificateSeen) => string,
): Look {
  return ({ evidence, outcome }) => {
    const ours = evidence.clientCertificate;
    if (!ours || !isFaulty(ours, evidence.time)) return undefined;
    return { code, title, evidence: `${inWords(ours)} ${minded(outcome)}` };
  };
}

function minded(outcome: Outcome): string {
  return outcome === 'accepted' ? 'The gateway did not mind.' : 'It may be refused for it.';
}

function validity({ notBefore = 'unknown', notAfter = 'unknown' }: CertificateSeen): string {
  return `It is valid from ${notBefore} to ${notAfter}.`;
}

function purpose({ extendedKeyUsage = [] }: CertificateSeen): string {
  return `Its extendedKeyUsage allows ${extendedKeyUsage.join(', ') || 'nothing'}, and not clientAuth.`;
}

function keyUsage({ keyUsage: usages = [] }: CertificateSeen): string {
  return `Its keyUsage allows ${usages.join(', ') || 'nothing'}, and not digitalSignature.`;
}

function intermediateExpired({ evidence, outcome }: Situation): Warning | undefined {
  const old = intermediatesOf(evidence).find((each) => isExpired(each, evidence.time));
  return (
    old && {
      code: 'client-intermediate-expired',
      title: 'An intermediate certificate above ours has expired',
      evidence: `${old.subject ?? 'It'} expired on ${old.notAfter}. ${minded(outcome)}`,
    }
  );
}

function strength(certificate: CertificateSeen): string {
  const { keyAlgorithm = 'unknown', keyBits, signatureAlgorithm = 'unknown' } = certificate;
  const bits = keyBits === undefined ? '' : ` of ${keyBits} bits`;
  return `It has a key ${keyAlgorithm}${bits} and the signature ${signatureAlgorithm}.`;
}

/** Others may read it, or a group may write it. */
const exposingBits = 0o027;

function keyFileExposed({ evidence }: Situation): Warning | undefined {
  const file: FileSeen | undefined = evidence.credential.keyFile;
  if (file?.mode === undefined || !(Number.parseInt(file.mode, 8) & exposingBits)) return undefined;
  return {
    code: 'client-key-file-exposed',
    title: 'Others can read or change our private key',
    evidence: `${file.path} has the mode ${file.mode}; at most 0640 is expected.`,
  };
}

function certificateNotRequested({ evidence, baseline }: Situation): Warning | undefined {
  if (!evidence.clientCertificate || !isHandshakeComplete(evidence)) return undefined;
  if (evidence.tls?.clientCertificateRequested !== false) return undefined;
  if (baseline?.evidence.tls?.clientCertificateRequested) {
    return {
      code: 'gateway-stopped-requesting-client-certificate',
      title: 'The gateway no longer asks for a client certificate',
      evidence: `It did at ${momentOf(baseline, evidence)}.`,
    };
  }
  return {
    code: 'client-certificate-not-requested',
    title: 'The gateway does not ask for a client certificate',
    evidence: 'The handshake had no CertificateRequest, so our certificate was not sent.',
  };
}

/** Whoever answered has also judged us: worth knowing once the server is trusted. */
function untrustedServerRefused({ evidence }: Situation): Warning | undefined {
  const refusal = isServerUntrusted(evidence) ? refusalOf(evidence) : undefined;
  return (
    refusal && {
      code: 'untrusted-server-refused-us',
      title: 'The server that we do not trust refused us as well',
      evidence: refusalInWords(refusal),
    }
  );
}
