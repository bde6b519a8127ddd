/** A report of the usual size, about 9 KB of JSON, as an agent writes it when a gateway's client CA has changed. */

/** `delegate` counts from 0. `outcome` says whether trouble has begun. */
export function sampleReport(delegate: number, id: string, outcome: 'accepted' | 'rejected') {
  const isRejected = outcome === 'rejected';
  return {
    schema: 'sidelight.report/1',
    id,
    time: '2026-08-26T09:12:31.042Z',
    runId: '0198f3a0-5f5e-7a31-8c22-1f6a2b9d0e11',
    sequence: 1,
    agent: {
      name: 'sidelight',
      version: '0.1.0',
      id: `agent-${delegate}`,
      host: `delegate-${delegate}.eu-west-1.compute.internal`,
      delegate: { name: `delegate-${delegate}`, account: `account-${delegate % 97}` },
    },
    target: {
      url: 'https://gateway.example:8443/',
      host: 'gateway.example',
      port: 8443,
      serverName: 'gateway.example',
    },
    outcome,
    ...(isRejected && { layer: 'tls' }),
    event: isRejected ? 'state-changed' : 'heartbeat',
    steps: ['dns', 'tcp', 'proxy', 'tls', 'http', 'websocket'].map((name, index) => ({
      name,
      outcome: index === 2 || index === 5 ? 'skipped' : 'passed',
      durationMs: 1.25 * (index + 1),
    })),
    alerts: [
      {
        direction: isRejected ? 'received' : 'sent',
        level: isRejected ? 'fatal' : 'warning',
        description: isRejected ? 'unknown_ca' : 'close_notify',
        code: isRejected ? 48 : 0,
        encrypted: true,
        afterFinished: true,
        atMs: 12.3,
      },
    ],
    tls: {
      version: '1.3',
      cipherSuite: 'TLS_AES_256_GCM_SHA384',
      group: 'x25519',
      alpn: 'http/1.1',
      clientCertificateRequested: true,
      clientCertificateSent: true,
      certificateAuthorities: Array.from(
        { length: 12 },
        (_, index) => `CN=Delegate CA ${index},OU=Platform Engineering,O=Example Corporation,C=US`,
      ),
      serverCertificates: [0, 1, 2].map((index) => certificate(`gateway-${index}`)),
      serverAuthorized: true,
    },
    clientCertificate: { ...certificate(`delegate-${delegate}`), path: '/etc/mtls/client.crt' },
    http: { status: isRejected ? 400 : 200 },
    cause: isRejected
      ? {
          code: 'client-ca-changed-at-gateway',
          title: 'The gateway no longer trusts the CA of our client certificate',
          side: 'gateway',
          confidence: 'certain',
          evidence: Array.from(
            { length: 8 },
            (_, index) => `Observation ${index}: ${'what was seen, and where. '.repeat(6)}`,
          ),
          remedy: 'Load the former client CA beside the new one at the gateway. '.repeat(4),
        }
      : null,
    alternatives: [{ code: 'client-chain-incomplete', confidence: 'possible' }],
    warnings: [
      { code: 'client-certificate-expires-soon', title: 'It expires in 13 days', evidence: [] },
    ],
    delegateView: { outcome, because: 'The Java delegate sees what we see. '.repeat(4) },
    changes: [
      {
        what: 'tls.certificateAuthorities',
        before: Array.from({ length: 12 }, (_, index) => `CN=Former CA ${index},O=Example`),
        now: Array.from({ length: 12 }, (_, index) => `CN=Present CA ${index},O=Example`),
      },
    ],
    experiments: ['no-client-certificate', 'tls-1.2', 'other-address'].map((changed) => ({
      changed,
      outcome,
      evidence: Array.from({ length: 4 }, () => 'what the experiment showed in one sentence. '),
    })),
    attempt: { number: 3, failingSince: '2026-08-26T09:10:31.042Z', repeats: 0 },
  };
}

function certificate(name: string) {
  return {
    sha256: 'c4a1'.repeat(16),
    spkiSha256: '9be0'.repeat(16),
    subject: `CN=${name}.example,OU=Platform Engineering,O=Example Corporation,L=Springfield,C=US`,
    issuer: 'CN=Issuing CA 7,OU=Platform Engineering,O=Example Corporation,C=US',
    serialNumber: '4f2a90c17be355d08c1e6a7f0b1d2c3e4f506172',
    subjectAltNames: Array.from({ length: 8 }, (_, index) => `DNS:${name}-${index}.example`),
    notBefore: '2026-06-01T00:00:00.000Z',
    notAfter: '2026-09-08T00:00:00.000Z',
    signatureAlgorithm: 'ecdsa-with-SHA256',
    publicKey: { type: 'ec', curve: 'prime256v1', bits: 256 },
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
  };
}
