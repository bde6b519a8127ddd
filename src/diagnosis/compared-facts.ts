/** The facts that two looks are compared by: where each stands in evidence, and how it is put back there. */
import { isoTime } from '../base/clock.ts';
import type {
  CertificateSeen,
  CredentialSeen,
  Evidence,
  FileSeen,
  Step,
  StepName,
  TlsSeen,
} from '../evidence/evidence.ts';
import { clockDifferenceMs } from './clock-difference.ts';
import { epochMs } from './time.ts';

export interface ComparedFact {
  /** Its path in the report. */
  readonly what: string;
  /** Undefined when it was not observed; then nothing is compared. */
  readonly read: (evidence: Evidence) => unknown;
  /** The same evidence with this value in place of its own. The value may come from anywhere; a wrong type changes nothing. */
  readonly recall: (evidence: Evidence, value: unknown) => Evidence;
}

/** Nobody minds that clocks drift by less between two looks. */
const drift = 60_000;

export const comparedFacts: readonly ComparedFact[] = [
  {
    what: 'clientCertificate.sha256',
    read: ({ clientCertificate }) => clientCertificate?.sha256,
    recall: (evidence, sha256) =>
      isText(sha256) && evidence.clientCertificate
        ? { ...evidence, clientCertificate: { ...evidence.clientCertificate, sha256 } }
        : evidence,
  },
  {
    what: 'credential.chain',
    read: ({ credential }) => credential.chain?.map(inWords),
    recall: (evidence, names) =>
      isTexts(names) ? withCredential(evidence, { chain: recallChain(evidence, names) }) : evidence,
  },
  ofCredential('keyMatchesCertificate', isYesOrNo),
  ...(['certificateFile', 'keyFile', 'caFile'] as const).flatMap((file) => [
    ofFile(file, 'path'),
    ofFile(file, 'modifiedAt'),
  ]),
  {
    what: 'target.proxy',
    // Whether a proxy is used is always known: none is an observation too.
    read: ({ target }) => target.proxy ?? null,
    recall: (evidence, value) => {
      const { proxy: _, ...target } = evidence.target;
      return { ...evidence, target: isText(value) ? { ...target, proxy: value } : target };
    },
  },
  {
    what: 'steps.dns.addresses',
    read: (evidence) => stepOf(evidence, 'dns')?.addresses?.toSorted(),
    recall: (evidence, addresses) =>
      isTexts(addresses) ? withStep(evidence, 'dns', { addresses }) : evidence,
  },
  {
    what: 'steps.tcp.address',
    read: (evidence) => stepOf(evidence, 'tcp')?.address,
    recall: (evidence, address) =>
      isText(address) ? withStep(evidence, 'tcp', { address }) : evidence,
  },
  {
    what: 'clock.differenceMs',
    read: (evidence) => {
      const difference = clockDifferenceMs(evidence);
      return difference === undefined ? undefined : Math.round(difference / drift) * drift;
    },
    recall: recallClock,
  },
  {
    what: 'tls.progress.serverHelloReceived',
    read: ({ tls }) => tls?.progress.serverHelloReceived,
    recall: (evidence, serverHelloReceived) =>
      isYesOrNo(serverHelloReceived) && evidence.tls
        ? withTls(evidence, { progress: { ...evidence.tls.progress, serverHelloReceived } })
        : evidence,
  },
  ofTls('version', isText),
  ofTls('cipherSuite', isText),
  ofTls('alpn', isText),
  ofLeaf('sha256'),
  ofLeaf('issuer'),
  ofLeaf('spkiSha256'),
  {
    what: 'tls.serverCertificates[0].subjectAltNames',
    read: ({ tls }) => tls?.serverCertificates?.[0]?.subjectAltNames,
    recall: (evidence, subjectAltNames) =>
      isTexts(subjectAltNames) ? withLeaf(evidence, { subjectAltNames }) : evidence,
  },
  {
    what: 'tls.serverCertificates.length',
    read: ({ tls }) => tls?.serverCertificates?.length,
    recall: (evidence, count) => withCertificates(evidence, count),
  },
  ofTls('serverAuthorized', isYesOrNo),
  ofTls('clientCertificateRequested', isYesOrNo),
  ofTls('clientCertificateSent', isYesOrNo),
  ofAnswer('http'),
  ofAnswer('websocket'),
];

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isYesOrNo(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function ofTls<Name extends keyof TlsSeen>(
  name: Name,
  fits: (value: unknown) => value is NonNullable<TlsSeen[Name]>,
): ComparedFact {
  return {
    what: `tls.${name}`,
    read: ({ tls }) => tls?.[name],
    recall: (evidence, value) =>
      fits(value) ? withTls(evidence, { [name]: value } as Partial<TlsSeen>) : evidence,
  };
}

function ofLeaf(name: 'sha256' | 'issuer' | 'spkiSha256'): ComparedFact {
  return {
    what: `tls.serverCertificates[0].${name}`,
    read: ({ tls }) => tls?.serverCertificates?.[0]?.[name],
    recall: (evidence, value) => (isText(value) ? withLeaf(evidence, { [name]: value }) : evidence),
  };
}

function withLeaf(evidence: Evidence, facts: Partial<CertificateSeen>): Evidence {
  const [leaf, ...above] = evidence.tls?.serverCertificates ?? [];
  if (!leaf) return evidence;
  return withTls(evidence, { serverCertificates: [{ ...leaf, ...facts }, ...above] });
}

/** No server sends more than these in earnest. */
const maxCertificates = 64;

/** Of certificates that are gone, that they were there. */
function withCertificates(evidence: Evidence, count: unknown): Evidence {
  const now = evidence.tls?.serverCertificates;
  if (!now || typeof count !== 'number' || !(count >= 0 && count <= maxCertificates)) {
    return evidence;
  }
  const serverCertificates = Array.from({ length: count }, (_, at) => now[at] ?? { sha256: '' });
  return withTls(evidence, { serverCertificates });
}

function ofCredential<Name extends keyof CredentialSeen>(
  name: Name,
  fits: (value: unknown) => value is NonNullable<CredentialSeen[Name]>,
): ComparedFact {
  return {
    what: `credential.${name}`,
    read: ({ credential }) => credential[name],
    recall: (evidence, value) =>
      fits(value)
        ? withCredential(evidence, { [name]: value } as Partial<CredentialSeen>)
        : evidence,
  };
}

function ofFile(
  file: 'certificateFile' | 'keyFile' | 'caFile',
  name: 'path' | 'modifiedAt',
): ComparedFact {
  return {
    what: `credential.${file}.${name}`,
    read: ({ credential }) => credential[file]?.[name],
    recall: (evidence, value) => {
      const seen: FileSeen | undefined = evidence.credential[file];
      if (!seen || !isText(value)) return evidence;
      return withCredential(evidence, { [file]: { ...seen, [name]: value } });
    },
  };
}

function ofAnswer(step: 'http' | 'websocket'): ComparedFact {
  return {
    what: `${step}.status`,
    read: (evidence) => evidence[step]?.status,
    recall: (evidence, status) =>
      typeof status === 'number'
        ? { ...evidence, [step]: { ...evidence[step], status } }
        : evidence,
  };
}

function stepOf({ steps }: Evidence, name: StepName): Step | undefined {
  return steps.find((step) => step.name === name);
}

function withStep(evidence: Evidence, name: StepName, facts: Partial<Step>): Evidence {
  const steps = evidence.steps.map((step) => (step.name === name ? { ...step, ...facts } : step));
  return { ...evidence, steps };
}

function withTls(evidence: Evidence, facts: Partial<TlsSeen>): Evidence {
  return evidence.tls ? { ...evidence, tls: { ...evidence.tls, ...facts } } : evidence;
}

function withCredential(evidence: Evidence, facts: Partial<CredentialSeen>): Evidence {
  return { ...evidence, credential: { ...evidence.credential, ...facts } };
}

const separator = ', issued by ';

function inWords({ subject, issuer, sha256 }: CertificateSeen): string {
  return subject === undefined || issuer === undefined ? sha256 : `${subject}${separator}${issuer}`;
}

/** A certificate that is still there is known; of one that is gone, its names. */
function recallChain(
  { credential }: Evidence,
  names: readonly string[],
): readonly CertificateSeen[] {
  return names.map((name) => {
    const known = credential.chain?.find((each) => inWords(each) === name);
    if (known) return known;
    const at = name.lastIndexOf(separator);
    return at === -1
      ? { sha256: name }
      : { sha256: name, subject: name.slice(0, at), issuer: name.slice(at + separator.length) };
  });
}

function recallClock(evidence: Evidence, difference: unknown): Evidence {
  const time = epochMs(evidence.time);
  if (typeof difference !== 'number' || time === undefined || !evidence.http) return evidence;
  const date = time + difference;
  // Beyond these there are no dates.
  if (!(Math.abs(date) <= 8.64e15)) return evidence;
  return { ...evidence, http: { ...evidence.http, date: isoTime(date) } };
}
