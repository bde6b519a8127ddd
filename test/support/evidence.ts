/** Builders of evidence for pure tests: an accepted look, and small changes to it. */
import type {
  AlertSeen,
  CertificateSeen,
  ClientCertificateSeen,
  CredentialSeen,
  Ending,
  Evidence,
  HandshakeProgress,
  HttpSeen,
  SkipReason,
  Step,
  StepName,
  TlsSeen,
  WebSocketSeen,
} from '../../src/evidence/evidence.ts';
import { stepNames } from '../../src/evidence/evidence.ts';
import { alertName } from '../../src/tls/alert.ts';

export const lookTime = '2026-11-23T14:00:00.000Z';
const baselineTime = '2026-11-23T12:19:00.000Z';

const hex = (digit: string): string => digit.repeat(64);

export const ourCa = 'CN=Delegate CA,O=Example';
export const otherCa = 'CN=Wrong CA,O=Example';

export function ourCertificate(
  changes: Partial<ClientCertificateSeen> = {},
): ClientCertificateSeen {
  return {
    sha256: hex('a'),
    spkiSha256: hex('b'),
    subject: 'CN=delegate-1,O=Example',
    issuer: ourCa,
    serialNumber: '1f2e',
    notBefore: '2026-06-01T00:00:00.000Z',
    notAfter: '2027-06-01T00:00:00.000Z',
    keyAlgorithm: 'rsa',
    keyBits: 2048,
    signatureAlgorithm: 'sha256WithRSAEncryption',
    extendedKeyUsage: ['clientAuth'],
    selfSigned: false,
    path: '/etc/mtls/client.crt',
    ...changes,
  };
}

export function ourRoot(): CertificateSeen {
  return {
    sha256: hex('c'),
    subject: ourCa,
    issuer: ourCa,
    notBefore: '2020-01-01T00:00:00.000Z',
    notAfter: '2040-01-01T00:00:00.000Z',
    selfSigned: true,
  };
}

export function serverCertificate(changes: Partial<CertificateSeen> = {}): CertificateSeen {
  return {
    sha256: hex('d'),
    spkiSha256: hex('e'),
    subject: 'CN=gateway.example',
    issuer: 'CN=Gateway CA,O=Example',
    serialNumber: '0a',
    subjectAltNames: ['DNS:gateway.example'],
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2027-12-31T00:00:00.000Z',
    keyAlgorithm: 'ec',
    keyBits: 256,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    extendedKeyUsage: ['serverAuth'],
    selfSigned: false,
    ...changes,
  };
}

export function credential(changes: Partial<CredentialSeen> = {}): CredentialSeen {
  return {
    certificateFile: { path: '/etc/mtls/client.crt', mode: '0640', uid: 0, gid: 0 },
    keyFile: { path: '/etc/mtls/client.key', mode: '0640', uid: 0, gid: 0 },
    caFile: { path: '/etc/mtls/ca.crt', mode: '0644', uid: 0, gid: 0 },
    chain: [without(ourCertificate(), 'path')],
    key: { algorithm: 'rsa', bits: 2048, label: 'PRIVATE KEY', encrypted: false },
    keyMatchesCertificate: true,
    ...changes,
  };
}

const complete: HandshakeProgress = {
  octetsSent: 2900,
  octetsReceived: 3300,
  clientHelloSent: true,
  serverHelloReceived: true,
  finishedSent: true,
  finishedReceived: true,
  ticketsReceived: 1,
  applicationDataReceived: true,
};

/** Milestones of a handshake that ended before this one. */
export const untilHello: HandshakeProgress = {
  ...complete,
  octetsSent: 1593,
  octetsReceived: 0,
  serverHelloReceived: false,
  finishedSent: false,
  finishedReceived: false,
  ticketsReceived: 0,
  applicationDataReceived: false,
};
export const untilServerHello: HandshakeProgress = {
  ...untilHello,
  octetsReceived: 1200,
  serverHelloReceived: true,
};
/** TLS 1.3: the server's Finished came first, ours is out, and nothing has come back. */
export const untilOurFlight: HandshakeProgress = {
  ...complete,
  ticketsReceived: 0,
  applicationDataReceived: false,
};

export function tlsSeen(changes: Partial<TlsSeen> = {}): TlsSeen {
  return {
    version: '1.3',
    cipherSuite: 'TLS_AES_256_GCM_SHA384',
    group: 'x25519',
    alpn: 'http/1.1',
    clientCertificateRequested: true,
    clientCertificateSent: true,
    certificateAuthorities: [ourCa],
    certificateAuthoritiesSha256: hex('1'),
    serverCertificates: [serverCertificate()],
    serverAuthorized: true,
    clientHello: {
      sizeBytes: 1589,
      versions: ['1.3', '1.2'],
      cipherSuites: ['A', 'B', 'C', 'D', 'E', 'F'],
      groups: ['X25519MLKEM768', 'x25519'],
      keyShares: ['X25519MLKEM768', 'x25519'],
      signatureAlgorithms: ['ecdsa_secp256r1_sha256', 'rsa_pss_rsae_sha256'],
      serverName: 'gateway.example',
      alpn: ['http/1.1'],
      extensions: ['server_name', 'supported_versions'],
      ja3: 'ec74a5c51106f0419184d0dd08fb05bc',
      ja4: 't13d591100_a33745022dd6_dbd39dd1d406',
    },
    progress: complete,
    transcript: [
      { direction: 'sent', name: 'client_hello', sizeBytes: 1593, encrypted: false, atMs: 3.1 },
      { direction: 'received', name: 'server_hello', sizeBytes: 122, encrypted: false, atMs: 5.2 },
      {
        direction: 'received',
        name: 'certificate_request',
        sizeBytes: 96,
        encrypted: true,
        atMs: 5.3,
      },
      { direction: 'received', name: 'certificate', sizeBytes: 1102, encrypted: true, atMs: 5.3 },
      { direction: 'received', name: 'finished', sizeBytes: 52, encrypted: true, atMs: 5.4 },
      { direction: 'sent', name: 'certificate', sizeBytes: 990, encrypted: true, atMs: 6 },
      { direction: 'sent', name: 'finished', sizeBytes: 52, encrypted: true, atMs: 6.1 },
    ],
    ...changes,
  };
}

type Trouble = Partial<Omit<Step, 'name' | 'outcome'>>;

/** All six steps: everything before `failing` passed, and what comes after it was skipped. */
export function steps(
  failing?: StepName,
  trouble: Trouble = {},
  unwanted: readonly StepName[] = ['websocket'],
): readonly Step[] {
  const end = failing === undefined ? stepNames.length : stepNames.indexOf(failing);
  return stepNames.map((name, index): Step => {
    if (unwanted.includes(name)) return { name, outcome: 'skipped', reason: 'not-wanted' };
    if (index > end) return { name, outcome: 'skipped', reason: 'earlier-step-failed' };
    if (index === end) return { name, outcome: 'failed', durationMs: 4, ...trouble };
    if (name === 'proxy') return { name, outcome: 'skipped', reason: 'no-proxy' };
    return { name, outcome: 'passed', durationMs: index + 1.25, ...factsOf[name] };
  });
}

const factsOf: Partial<Record<StepName, Partial<Step>>> = {
  dns: { host: 'gateway.example', addresses: ['192.0.2.7'] },
  tcp: { host: 'gateway.example', port: 8443, address: '192.0.2.7' },
};

/** The same steps with a proxy that opened the tunnel. */
export function throughProxy(list: readonly Step[]): readonly Step[] {
  return list.map(
    (step): Step =>
      step.name === 'proxy' && step.reason === 'no-proxy'
        ? { name: 'proxy', outcome: 'passed', durationMs: 2 }
        : step,
  );
}

function allSkipped(reason: SkipReason): readonly Step[] {
  return stepNames.map((name) => ({ name, outcome: 'skipped', reason }));
}

export function alertSeen(code: number, changes: Partial<AlertSeen> = {}): AlertSeen {
  return {
    direction: 'received',
    level: 'fatal',
    description: alertName(code),
    code,
    encrypted: true,
    afterFinished: true,
    atMs: 12.3,
    ...changes,
  };
}

export function ended(how: Ending['how'], by: Ending['by'] = 'peer'): Ending {
  return { by, how, atMs: 12.5, after: { direction: 'sent', name: 'finished', atMs: 12.1 } };
}

/** An accepted look over TLS 1.3, changed. */
export function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    time: lookTime,
    target: {
      url: 'https://gateway.example:8443/',
      host: 'gateway.example',
      port: 8443,
      serverName: 'gateway.example',
    },
    steps: steps(),
    alerts: [],
    tls: tlsSeen(),
    credential: credential(),
    clientCertificate: ourCertificate(),
    http: { status: 200, server: 'nginx' },
    ...changes,
  };
}

/** Without the properties named: what was not observed. */
export function without<T, K extends keyof T>(value: T, ...names: readonly K[]): Omit<T, K> {
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>).filter(([name]) => !names.includes(name as K)),
  ) as Omit<T, K>;
}

/** A look that ended before TLS. */
export function stoppedAt(
  failing: StepName,
  trouble: Trouble,
  changes: Partial<Evidence> = {},
): Evidence {
  const seen = evidence({ steps: steps(failing, trouble), ...changes });
  return without(seen, 'tls', 'http') as Evidence;
}

/** A look that our own files stopped. */
export function stoppedLocally(changes: Partial<CredentialSeen>): Evidence {
  const seen = evidence({ steps: allSkipped('local-fault'), credential: credential(changes) });
  return without(seen, 'tls', 'http') as Evidence;
}

/** TLS 1.3: refused by an alert after our flight, in place of an answer. */
export function refusedWith(
  code: number,
  changes: Partial<Evidence> = {},
  tls: Partial<TlsSeen> = {},
): Evidence {
  return without(
    evidence({
      steps: steps('tls', { error: { code: 'ERR_SSL_ALERT' } }),
      alerts: [alertSeen(code)],
      tls: tlsSeen({ progress: untilOurFlight, ended: ended('alert'), ...tls }),
      ...changes,
    }),
    'http',
  ) as Evidence;
}

/** TLS 1.3: the peer ended it after our flight without a word. */
export function leftAfterFlight(
  how: 'fin' | 'close_notify' | 'reset',
  tls: Partial<TlsSeen> = {},
): Evidence {
  return without(
    evidence({
      steps: steps('tls', { error: { code: how === 'reset' ? 'ECONNRESET' : 'CLOSED' } }),
      tls: tlsSeen({ progress: untilOurFlight, ended: ended(how), ...tls }),
    }),
    'http',
  ) as Evidence;
}

/** The handshake broke off in the middle, before anyone was judged. */
export function brokeOff(
  tls: Partial<TlsSeen>,
  code = 'CLOSED',
  changes: Partial<Evidence> = {},
): Evidence {
  const seen = without(
    tlsSeen({ progress: untilHello, ...tls }),
    ...(tls.progress?.serverHelloReceived
      ? []
      : (['version', 'cipherSuite', 'group', 'serverCertificates', 'serverAuthorized'] as const)),
    'alpn',
    'clientCertificateRequested',
    'clientCertificateSent',
    'certificateAuthorities',
    'certificateAuthoritiesSha256',
  );
  return without(
    evidence({
      steps: steps('tls', { error: { code } }),
      tls: { ...seen, ...tls } as TlsSeen,
      ...changes,
    }),
    'http',
  ) as Evidence;
}

/** An alert in clear in answer to our ClientHello. */
export function refusedAtHello(code: number, tls: Partial<TlsSeen> = {}): Evidence {
  const alert = alertSeen(code, { encrypted: false, afterFinished: false });
  return brokeOff(
    { ended: ended('alert'), progress: { ...untilHello, octetsReceived: 7 }, ...tls },
    'ERR_SSL_ALERT',
    { alerts: [alert] },
  );
}

/** The server completed the handshake and we do not trust it. */
export function untrusted(
  error: string,
  certificates: readonly CertificateSeen[] = [serverCertificate()],
  changes: Partial<Evidence> = {},
): Evidence {
  const skipped = steps().map(
    (step): Step =>
      step.name === 'http'
        ? { name: 'http', outcome: 'skipped', reason: 'server-not-trusted' }
        : step,
  );
  return without(
    evidence({
      steps: skipped,
      tls: tlsSeen({
        serverAuthorized: false,
        serverAuthorizationError: error,
        serverCertificates: certificates,
        progress: untilOurFlight,
      }),
      ...changes,
    }),
    'http',
  ) as Evidence;
}

export function answered(http: HttpSeen, changes: Partial<Evidence> = {}): Evidence {
  return evidence({ http, ...changes });
}

/** A wss:// target: no http step. */
export function upgraded(websocket: WebSocketSeen, failed = false): Evidence {
  const list = failed
    ? steps('websocket', { error: { code: 'CLOSED' } }, ['http'])
    : steps(undefined, {}, ['http']);
  return without(evidence({ steps: list, websocket }), 'http') as Evidence;
}

/** No client certificate is configured; the gateway asked for one and got none. */
export function unconfigured(seen: Evidence): Evidence {
  const { caFile } = credential();
  return {
    ...(without(seen, 'clientCertificate') as Evidence),
    credential: caFile ? { caFile } : {},
    ...(seen.tls && { tls: { ...seen.tls, clientCertificateSent: false } }),
  };
}

/** The last accepted look, changed. */
export function baseline(changes: Partial<Evidence> = {}): { readonly evidence: Evidence } {
  return { evidence: evidence({ time: baselineTime, ...changes }) };
}
