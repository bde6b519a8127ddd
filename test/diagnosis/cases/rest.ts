/** Causes of our files, the way and the gateway that need no extra attempt. */
import type {
  CertificateSeen,
  ClientCertificateSeen,
  Evidence,
  FileSeen,
  NotTlsSeen,
} from '../../../src/evidence/evidence.ts';
import {
  alertSeen,
  answered,
  baseline,
  brokeOff,
  credential,
  ended,
  evidence,
  lookTime,
  otherCa,
  ourCa,
  ourCertificate,
  ourRoot,
  refusedAtHello,
  refusedWith,
  serverCertificate,
  steps,
  stoppedAt,
  stoppedLocally,
  tlsSeen,
  unconfigured,
  untilHello,
  untilOurFlight,
  untilServerHello,
  untrusted,
  upgraded,
  without,
} from '../../support/evidence.ts';
import type { CauseCase } from './case.ts';

const inFile = (certificate: ClientCertificateSeen): CertificateSeen =>
  without(certificate, 'path');
const issuingCa: CertificateSeen = {
  sha256: '3'.repeat(64),
  subject: 'CN=Issuing CA,O=Example',
  issuer: ourCa,
  notBefore: '2024-01-01T00:00:00.000Z',
  notAfter: '2030-01-01T00:00:00.000Z',
  isCa: true,
};
const strayCa: CertificateSeen = { ...issuingCa, sha256: '4'.repeat(64), subject: 'CN=Stray CA' };
const issued = ourCertificate({ issuer: 'CN=Issuing CA,O=Example' });
const refusedChain = (
  code: number,
  chain: readonly CertificateSeen[],
  clientCertificate: ClientCertificateSeen = issued,
): Evidence =>
  refusedWith(code, { clientCertificate, credential: credential({ chain: [...chain] }) });
const refusedOurs = (code: number, changes: Partial<ClientCertificateSeen>): Evidence => {
  const ours = ourCertificate(changes);
  return refusedChain(code, [inFile(ours)], ours);
};
const noList = { certificateAuthorities: [], certificateAuthoritiesSha256: '0'.repeat(64) };

const certificateFile: FileSeen = { path: '/etc/mtls/client.crt', mode: '0640' };
const keyFile: FileSeen = { path: '/etc/mtls/client.key', mode: '0640' };
const modified = (file: FileSeen, modifiedAt: string): FileSeen => ({ ...file, modifiedAt });
const morning = '2026-11-23T06:00:00.000Z';
const justNow = '2026-11-23T13:59:50.000Z';
const mismatch = (certificateAt: string, keyAt: string): Evidence =>
  stoppedLocally({
    keyMatchesCertificate: false,
    certificateFile: modified(certificateFile, certificateAt),
    keyFile: modified(keyFile, keyAt),
  });
const matched = baseline({
  credential: credential({
    certificateFile: modified(certificateFile, morning),
    keyFile: modified(keyFile, morning),
  }),
});

const page = (httpStatus: number): Evidence => {
  const notTls: NotTlsSeen = {
    protocol: 'http',
    excerptHex: '485454502f31',
    excerptText: `HTTP/1.1 ${httpStatus}`,
    httpStatus,
  };
  return brokeOff({ notTls, progress: { ...untilHello, octetsReceived: 80 } });
};
const proxied = { target: { ...evidence().target, proxy: 'http://proxy.example:3128' } };
const viaTlsProxy = (code: string): Evidence =>
  stoppedAt(
    'proxy',
    { error: { code } },
    { target: { ...evidence().target, proxy: 'https://proxy.example:3128' } },
  );
const tlsRecord: NotTlsSeen = { protocol: 'tls', excerptHex: '15030100020246', excerptText: '' };
const proxySaid = (notHttp: NotTlsSeen): Evidence =>
  stoppedAt(
    'proxy',
    { error: { code: 'HPE_INVALID_CONSTANT' } },
    { ...proxied, proxy: { notHttp } },
  );

const dialled = (addresses: readonly string[], code = 'ECONNREFUSED'): Evidence => {
  const failing = steps('tcp', { error: { code } });
  return {
    ...stoppedAt('tcp', { error: { code } }),
    steps: failing.map((step) => (step.name === 'dns' ? { ...step, addresses } : step)),
  };
};

const late = { notBefore: '2026-12-01T00:00:00.000Z', notAfter: '2028-12-01T00:00:00.000Z' };
const notYetValid = (changes: Partial<Evidence> = {}): Evidence =>
  untrusted('CERT_NOT_YET_VALID', [serverCertificate(late)], changes);

const unasked = (changes: Partial<Evidence>): Evidence =>
  evidence({
    ...changes,
    tls: {
      ...without(tlsSeen(), 'certificateAuthorities', 'clientCertificateSent'),
      clientCertificateRequested: false,
    },
  });

const nameless = (alert: number): Evidence => {
  const seen = refusedAtHello(alert, {
    clientHello: without(tlsSeen().clientHello!, 'serverName'),
  });
  return { ...seen, target: { url: 'https://192.0.2.7:8443/', host: '192.0.2.7', port: 8443 } };
};
const unanswered = (code: string): Evidence =>
  without(evidence({ steps: steps('http', { error: { code } }) }), 'http') as Evidence;
const dropped = (...agesMs: readonly number[]): Evidence => ({
  ...upgraded({ status: 101 }, true),
  drops: agesMs.map((ageMs) => ({ ageMs, how: 'reset' })),
});
const differing = (setting: string, changes: Partial<Evidence> = {}): Evidence =>
  evidence({
    delegate: { differences: [{ setting, ours: '/a', delegates: '/b' }] },
    ...changes,
  });

export const restCases: readonly CauseCase[] = [
  {
    code: 'client-intermediate-expired',
    when: 'certificate_expired is said, and the intermediate in our file has',
    look: {
      evidence: refusedChain(45, [
        inFile(issued),
        { ...issuingCa, notAfter: '2026-11-01T00:00:00.000Z' },
      ]),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'only a root in our file has expired',
      look: {
        evidence: refusedChain(45, [
          inFile(issued),
          issuingCa,
          { ...ourRoot(), notAfter: '2026-11-01T00:00:00.000Z' },
        ]),
      },
      instead: 'gateway-crl-outdated',
    },
  },
  {
    code: 'gateway-crl-outdated',
    when: 'certificate_expired is said of a path that is in date',
    look: { evidence: refusedChain(45, [inFile(issued), issuingCa]) },
    confidence: 'likely',
    nearMiss: {
      when: 'certificate_unknown is said of it',
      look: { evidence: refusedChain(46, [inFile(issued), issuingCa]) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-key-usage',
    when: 'unsupported_certificate is said of a key that may only encipher',
    look: { evidence: refusedOurs(43, { keyUsage: ['keyEncipherment'] }) },
    confidence: 'certain',
    nearMiss: {
      when: 'it may sign as well',
      look: { evidence: refusedOurs(43, { keyUsage: ['digitalSignature', 'keyEncipherment'] }) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-is-ca',
    when: 'bad_certificate is said of the certificate of a CA',
    look: { evidence: refusedOurs(42, { isCa: true, keyUsage: ['keyCertSign', 'cRLSign'] }) },
    confidence: 'likely',
    nearMiss: {
      when: 'the CA signed itself',
      look: {
        evidence: refusedOurs(42, {
          isCa: true,
          selfSigned: true,
          issuer: 'CN=delegate-1,O=Example',
        }),
      },
      instead: 'client-certificate-self-signed',
    },
  },
  {
    code: 'client-certificate-chain-order',
    when: 'a block of another path stands between ours and its issuer',
    look: { evidence: refusedChain(46, [inFile(issued), strayCa, issuingCa]) },
    confidence: 'likely',
    nearMiss: {
      when: 'the same file was accepted before',
      look: {
        evidence: refusedChain(46, [inFile(issued), strayCa, issuingCa]),
        baseline: baseline({
          clientCertificate: issued,
          credential: credential({ chain: [inFile(issued), strayCa, issuingCa] }),
        }),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-intermediate-missing',
    when: 'the intermediate stood in our file before, and the gateway names its issuer',
    look: {
      evidence: refusedChain(48, [inFile(issued)]),
      baseline: baseline({
        clientCertificate: issued,
        credential: credential({ chain: [inFile(issued), issuingCa] }),
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway does not name its issuer either',
      look: {
        evidence: {
          ...refusedChain(48, [inFile(issued)]),
          tls: tlsSeen({
            ...refusedChain(48, []).tls,
            certificateAuthorities: [otherCa],
            certificateAuthoritiesSha256: '2'.repeat(64),
          }),
        },
        baseline: baseline({
          clientCertificate: issued,
          credential: credential({ chain: [inFile(issued), issuingCa] }),
        }),
      },
      instead: 'gateway-client-ca-changed',
    },
  },
  {
    code: 'client-certificate-intermediate-missing',
    when: 'the gateway names nobody and presents the intermediate itself',
    look: {
      evidence: {
        ...refusedChain(48, [inFile(issued)]),
        tls: tlsSeen({
          ...refusedChain(48, []).tls,
          ...noList,
          serverCertificates: [serverCertificate(), issuingCa],
        }),
      },
    },
    confidence: 'likely',
    nearMiss: {
      when: 'nobody ever saw it',
      look: { evidence: refusedChain(48, [inFile(issued)]) },
      instead: 'client-issuer-not-accepted',
    },
  },
  {
    code: 'client-clock-skew',
    when: 'the last accepted look lies in the future',
    look: { evidence: notYetValid(), baseline: baseline({ time: '2026-12-20T00:00:00.000Z' }) },
    confidence: 'certain',
    nearMiss: {
      when: 'nothing speaks against our clock',
      look: { evidence: notYetValid() },
      instead: 'server-certificate-not-yet-valid',
    },
  },
  {
    code: 'client-clock-skew',
    when: 'the certificate that is not valid yet was valid before',
    look: {
      evidence: notYetValid(),
      baseline: baseline({ tls: tlsSeen({ serverCertificates: [serverCertificate(late)] }) }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'it is another one than before',
      look: {
        evidence: untrusted('CERT_NOT_YET_VALID', [
          serverCertificate({ ...late, sha256: '8'.repeat(64) }),
        ]),
        baseline: baseline(),
      },
      instead: 'server-certificate-not-yet-valid',
    },
  },
  {
    code: 'client-clock-skew',
    when: 'the gateway staples an answer from the future',
    look: {
      evidence: {
        ...notYetValid(),
        tls: {
          ...notYetValid().tls!,
          ocsp: { responseStatus: 'successful', thisUpdate: '2026-12-10T00:00:00.000Z' },
        },
      },
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the answer is from yesterday',
      look: {
        evidence: {
          ...notYetValid(),
          tls: {
            ...notYetValid().tls!,
            ocsp: { responseStatus: 'successful', thisUpdate: '2026-11-22T00:00:00.000Z' },
          },
        },
      },
      instead: 'server-certificate-not-yet-valid',
    },
  },
  {
    code: 'client-clock-skew',
    when: 'ours and the one of the gateway both seem to be from the future',
    look: { evidence: notYetValid({ clientCertificate: ourCertificate(late) }) },
    confidence: 'likely',
    nearMiss: {
      when: 'both seem to have expired, which happens',
      look: {
        evidence: untrusted(
          'CERT_HAS_EXPIRED',
          [serverCertificate({ notAfter: '2026-11-01T00:00:00.000Z' })],
          { clientCertificate: ourCertificate({ notAfter: '2026-11-01T00:00:00.000Z' }) },
        ),
      },
      instead: 'server-certificate-expired',
    },
  },
  {
    code: 'client-clock-skew',
    when: 'the gateway refuses ours, which is out of date by its Date and not by our clock',
    look: {
      evidence: answered({
        status: 400,
        body: 'nginx-certificate-error',
        date: '2027-07-01T00:00:00.000Z',
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'both clocks agree',
      look: {
        evidence: answered({ status: 400, body: 'nginx-certificate-error', date: lookTime }),
      },
      instead: 'client-certificate-refused-by-http',
    },
  },
  {
    code: 'rotation-half-written',
    when: 'they matched before, and only the certificate has changed since',
    look: { evidence: mismatch(justNow, morning), baseline: matched },
    confidence: 'certain',
    nearMiss: {
      when: 'both changed long ago',
      look: { evidence: mismatch('2026-11-20T06:00:00.000Z', morning) },
      instead: 'client-key-mismatch',
    },
  },
  {
    code: 'rotation-half-written',
    when: 'the certificate changed a moment ago and the key did not',
    look: { evidence: mismatch(justNow, morning) },
    confidence: 'likely',
    nearMiss: {
      when: 'both changed at the same moment',
      look: { evidence: mismatch(justNow, justNow) },
      instead: 'client-key-mismatch',
    },
  },
  {
    code: 'rotated-credential-not-loaded',
    when: 'the wire shows another certificate than the file',
    look: { evidence: refusedWith(45, {}, { clientCertificateSha256: '5'.repeat(64) }) },
    confidence: 'certain',
    nearMiss: {
      when: 'it shows the one in the file',
      look: { evidence: refusedWith(46, {}, { clientCertificateSha256: 'a'.repeat(64) }) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'environment-differs',
    when: 'the delegate uses another certificate than the one refused without a word',
    look: {
      evidence: without(
        differing('cert', {
          steps: steps('tls', { error: { code: 'CLOSED' } }),
          tls: refusedWith(46, {}, { ended: ended('fin') }).tls!,
        }),
        'http',
      ) as Evidence,
    },
    confidence: 'likely',
    nearMiss: {
      when: 'an alert names the fault of the one that was used',
      look: { evidence: { ...refusedWith(44), delegate: differing('cert').delegate! } },
      instead: 'client-certificate-revoked',
    },
  },
  {
    code: 'dns-unexpected-address',
    when: 'a filter answers with nobody',
    look: { evidence: dialled(['0.0.0.0']) },
    confidence: 'likely',
    nearMiss: {
      when: 'the name is one of this network alone',
      look: {
        evidence: {
          ...dialled(['127.0.0.1']),
          target: { ...evidence().target, host: 'gateway.internal' },
        },
      },
      instead: 'tcp-refused',
    },
  },
  {
    code: 'dns-unexpected-address',
    when: 'the address was public, and is private now',
    look: { evidence: dialled(['10.1.2.3'], 'ETIMEDOUT'), baseline: baseline() },
    confidence: 'likely',
    nearMiss: {
      when: 'it was always private',
      look: { evidence: dialled(['10.1.2.3'], 'ETIMEDOUT') },
      instead: 'tcp-timeout',
    },
  },
  {
    code: 'dns-unexpected-address',
    when: 'it leads to this machine, and led elsewhere before',
    look: {
      evidence: dialled(['127.0.0.1'], 'ETIMEDOUT'),
      baseline: { evidence: dialled(['10.1.2.3']) },
    },
    confidence: 'likely',
    nearMiss: {
      when: 'it led to this machine when the gateway accepted us',
      look: {
        evidence: dialled(['127.0.0.1'], 'ETIMEDOUT'),
        baseline: { evidence: dialled(['127.0.0.1']) },
      },
      instead: 'tcp-timeout',
    },
  },
  {
    code: 'gateway-not-listening',
    when: 'the port refuses that took us before',
    look: {
      evidence: stoppedAt('tcp', { error: { code: 'ECONNREFUSED' } }),
      baseline: baseline(),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'it never took us',
      look: { evidence: stoppedAt('tcp', { error: { code: 'ECONNREFUSED' } }) },
      instead: 'tcp-refused',
    },
  },
  {
    code: 'gateway-not-listening',
    when: 'it resets before our first octet, and took us before',
    look: {
      evidence: brokeOff(
        {
          ended: ended('reset'),
          progress: { ...untilHello, clientHelloSent: false, octetsSent: 0 },
        },
        'ECONNRESET',
      ),
      baseline: baseline(),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'it closes after our ClientHello',
      look: {
        evidence: brokeOff({ ended: ended('fin'), progress: untilHello }),
        baseline: baseline(),
      },
      instead: 'gateway-handshake-refused',
    },
  },
  {
    code: 'tls-interception',
    when: 'a known product made a certificate for our name',
    look: {
      evidence: untrusted('SELF_SIGNED_CERT_IN_CHAIN', [
        serverCertificate({
          issuer: 'CN=Zscaler Intermediate Root CA (zscaler.net),OU=Zscaler Inc.,O=Zscaler Inc.',
        }),
      ]),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the product is the subject, as on its own website',
      look: {
        evidence: untrusted('SELF_SIGNED_CERT_IN_CHAIN', [
          serverCertificate({ subject: 'CN=www.zscaler.com,O=Zscaler Inc.' }),
        ]),
      },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'tls-interception',
    when: 'a private authority signs for our name where a public one did',
    look: {
      evidence: untrusted(
        'SELF_SIGNED_CERT_IN_CHAIN',
        [
          serverCertificate({
            issuer: 'CN=Corp Inspection',
            sha256: '7'.repeat(64),
            spkiSha256: '6'.repeat(64),
          }),
        ],
        { credential: without(credential(), 'caFile') },
      ),
      baseline: baseline({ credential: without(credential(), 'caFile') }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'a CA file of ours was what vouched before',
      look: {
        evidence: untrusted('SELF_SIGNED_CERT_IN_CHAIN', [
          serverCertificate({
            issuer: 'CN=Corp Inspection',
            sha256: '7'.repeat(64),
            spkiSha256: '6'.repeat(64),
          }),
        ]),
        baseline: baseline(),
      },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'gateway-default-certificate',
    when: 'the ingress controller presents its own where it presented ours before',
    look: {
      evidence: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', [
        serverCertificate({
          sha256: '7'.repeat(64),
          subject: 'CN=Kubernetes Ingress Controller Fake Certificate,O=Acme Co',
          subjectAltNames: ['DNS:ingress.local'],
          selfSigned: true,
        }),
      ]),
      baseline: baseline(),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'a certificate of its own making is for our name',
      look: {
        evidence: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', [
          serverCertificate({ sha256: '7'.repeat(64), selfSigned: true }),
        ]),
        baseline: baseline(),
      },
      instead: 'server-certificate-self-signed',
    },
  },
  {
    code: 'gateway-default-certificate',
    when: 'a certificate for other names stands where ours did',
    look: {
      evidence: untrusted('ERR_TLS_CERT_ALTNAME_INVALID', [
        serverCertificate({ sha256: '7'.repeat(64), subjectAltNames: ['DNS:default.example'] }),
      ]),
      baseline: baseline(),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'nothing was accepted under this name before',
      look: {
        evidence: untrusted('ERR_TLS_CERT_ALTNAME_INVALID', [
          serverCertificate({ sha256: '7'.repeat(64), subjectAltNames: ['DNS:default.example'] }),
        ]),
      },
      instead: 'server-certificate-name-mismatch',
    },
  },
  {
    code: 'server-certificate-weak',
    when: 'its key has 1024 bits',
    look: {
      evidence: untrusted('UNSPECIFIED', [
        serverCertificate({ keyAlgorithm: 'rsa', keyBits: 1024 }),
      ]),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'only the signature of a root is old, which nobody checks',
      look: {
        evidence: untrusted('UNSPECIFIED', [
          serverCertificate(),
          serverCertificate({ selfSigned: true, signatureAlgorithm: 'sha1WithRSAEncryption' }),
        ]),
      },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'server-chain-invalid',
    when: 'its issuer is no CA',
    look: { evidence: untrusted('INVALID_CA', [serverCertificate(), serverCertificate()]) },
    confidence: 'certain',
    nearMiss: {
      when: 'its issuer is not known',
      look: {
        evidence: untrusted('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', [
          serverCertificate(),
          serverCertificate(),
        ]),
      },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'secure-renegotiation-unsupported',
    when: 'our library refuses an old ServerHello',
    look: {
      evidence: brokeOff(
        { version: '1.2', progress: untilServerHello },
        'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
        { alerts: [alertSeen(40, { direction: 'sent', encrypted: false, afterFinished: false })] },
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway leaves after its ServerHello',
      look: { evidence: brokeOff({ progress: untilServerHello, ended: ended('fin') }) },
      instead: 'gateway-closed-mid-handshake',
    },
  },
  {
    code: 'server-key-exchange-weak',
    when: 'our library refuses its Diffie-Hellman parameters',
    look: {
      evidence: brokeOff(
        { version: '1.2', progress: untilServerHello },
        'ERR_SSL_DH_KEY_TOO_SMALL',
        { alerts: [alertSeen(40, { direction: 'sent', encrypted: false, afterFinished: false })] },
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'our library finds no signature algorithm',
      look: {
        evidence: brokeOff(
          { version: '1.2', progress: untilServerHello },
          'ERR_SSL_WRONG_SIGNATURE_TYPE',
          {
            alerts: [alertSeen(47, { direction: 'sent', encrypted: false, afterFinished: false })],
          },
        ),
      },
      instead: 'no-shared-signature-algorithm',
    },
  },
  {
    code: 'no-shared-signature-algorithm',
    when: 'the gateway takes RSA signatures only, and our key is of an elliptic curve',
    look: {
      evidence: refusedWith(
        116,
        { clientCertificate: ourCertificate({ keyAlgorithm: 'ec', keyBits: 256 }) },
        { clientCertificateSent: false, signatureAlgorithmsRequested: ['rsa_pss_rsae_sha256'] },
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'it takes ours as well',
      look: {
        evidence: refusedWith(
          116,
          {},
          { clientCertificateSent: false, signatureAlgorithmsRequested: ['rsa_pss_rsae_sha256'] },
        ),
      },
      instead: 'client-certificate-not-sent',
    },
  },
  {
    code: 'server-name-not-sent',
    when: 'unrecognized_name is said to a ClientHello without a name',
    look: { evidence: nameless(112) },
    confidence: 'certain',
    nearMiss: {
      when: 'it is said to one with a name',
      look: { evidence: refusedAtHello(112) },
      instead: 'server-name-unrecognized',
    },
  },
  {
    code: 'server-name-not-sent',
    when: 'handshake_failure is said to a ClientHello without a name',
    look: { evidence: nameless(40) },
    confidence: 'likely',
    nearMiss: {
      when: 'protocol_version is said to it',
      look: { evidence: nameless(70) },
      instead: 'protocol-version-unsupported',
    },
  },
  {
    code: 'proxy-answered-in-clear',
    when: '407 comes where TLS should be',
    look: { evidence: page(407) },
    confidence: 'certain',
    nearMiss: {
      when: '400 comes, as web servers without TLS say',
      look: { evidence: page(400) },
      instead: 'plaintext-service',
    },
  },
  {
    code: 'proxy-answered-in-clear',
    when: 'a block page comes through the proxy',
    look: { evidence: { ...page(403), ...proxied } },
    confidence: 'likely',
    nearMiss: {
      when: 'there is no proxy',
      look: { evidence: page(403) },
      instead: 'plaintext-service',
    },
  },
  {
    code: 'captive-portal',
    when: 'the network says that it wants a login',
    look: { evidence: page(511) },
    confidence: 'certain',
    nearMiss: {
      when: 'a page in clear comes from a port that nobody knows',
      look: { evidence: page(200) },
      instead: 'plaintext-service',
    },
  },
  {
    code: 'captive-portal',
    when: 'a redirect in clear comes from a port that spoke TLS before',
    look: { evidence: page(302), baseline: baseline() },
    confidence: 'likely',
    nearMiss: {
      when: 'the proxy redirects',
      look: { evidence: { ...page(302), ...proxied }, baseline: baseline(proxied) },
      instead: 'proxy-answered-in-clear',
    },
  },
  {
    code: 'captive-portal',
    when: 'a redirect to another host comes from another certificate than before',
    look: {
      evidence: answered(
        { status: 302, locationOrigin: 'https://login.example' },
        { tls: tlsSeen({ serverCertificates: [serverCertificate({ sha256: '7'.repeat(64) })] }) },
      ),
      baseline: baseline(),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'it comes from the same certificate',
      look: {
        evidence: answered({ status: 302, locationOrigin: 'https://login.example' }),
        baseline: baseline(),
      },
      instead: 'unexpected-redirect',
    },
  },
  {
    code: 'captive-portal',
    when: 'HTTP 511 comes over TLS',
    look: { evidence: answered({ status: 511 }) },
    confidence: 'certain',
    nearMiss: {
      when: 'another status above 500 comes',
      look: { evidence: answered({ status: 525 }) },
      instead: 'gateway-upstream-failed',
    },
  },
  {
    code: 'proxy-speaks-tls',
    when: 'CONNECT in clear is answered with a TLS alert',
    look: { evidence: proxySaid(tlsRecord) },
    confidence: 'certain',
    nearMiss: {
      when: 'it is answered by SSH',
      look: {
        evidence: proxySaid({ protocol: 'ssh', excerptHex: '5353482d', excerptText: 'SSH-2.0' }),
      },
      instead: 'proxy-not-http',
    },
  },
  {
    code: 'proxy-speaks-tls',
    when: 'our TLS meets a proxy in clear',
    look: { evidence: viaTlsProxy('ERR_SSL_WRONG_VERSION_NUMBER') },
    confidence: 'certain',
    nearMiss: {
      when: 'our TLS meets a certificate that does not hold',
      look: { evidence: viaTlsProxy('SELF_SIGNED_CERT_IN_CHAIN') },
      instead: 'proxy-certificate-untrusted',
    },
  },
  {
    code: 'proxy-certificate-untrusted',
    when: 'the certificate of the proxy is self-signed',
    look: { evidence: viaTlsProxy('DEPTH_ZERO_SELF_SIGNED_CERT') },
    confidence: 'certain',
    nearMiss: {
      when: 'that of the gateway is',
      look: { evidence: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT') },
      instead: 'server-certificate-self-signed',
    },
  },
  {
    code: 'connection-killed-idle',
    when: 'three connections in a row end at five minutes',
    look: { evidence: dropped(300_100, 299_800, 301_000) },
    confidence: 'likely',
    nearMiss: {
      when: 'they end at any age',
      look: { evidence: dropped(300_100, 20_000, 900_000) },
      instead: 'websocket-closed',
    },
  },
  {
    code: 'client-certificate-not-requested',
    when: 'nobody asks for our certificate, and the answer is 403',
    look: { evidence: unasked({ http: { status: 403 } }) },
    confidence: 'likely',
    nearMiss: {
      when: 'none is configured either',
      look: { evidence: unconfigured(unasked({ http: { status: 403 } })) },
      instead: 'gateway-forbids',
    },
  },
  {
    code: 'client-certificate-not-requested',
    when: 'nobody asks, and the manager misses our authority',
    look: { evidence: unasked({ http: { status: 401, body: 'invalid-agent-mtls-authority' } }) },
    confidence: 'certain',
    nearMiss: {
      when: 'our certificate was asked for',
      look: { evidence: answered({ status: 401, body: 'invalid-agent-mtls-authority' }) },
      instead: 'account-or-token-refused',
    },
  },
  {
    code: 'backend-expects-tls',
    when: 'the answer speaks of a request in clear on a port for TLS',
    look: {
      evidence: unasked({
        http: { status: 400, server: 'nginx', body: 'plain-http-to-https-port' },
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the answer speaks of a certificate that was not sent',
      look: { evidence: unasked({ http: { status: 400, body: 'nginx-no-required-certificate' } }) },
      instead: 'client-certificate-not-requested',
    },
  },
  {
    code: 'tls-service-not-http',
    when: 'a mail server answers inside TLS',
    look: { evidence: unanswered('HPE_INVALID_CONSTANT') },
    confidence: 'certain',
    nearMiss: {
      when: 'the answer is HTTP with endless headers',
      look: { evidence: unanswered('HPE_HEADER_OVERFLOW') },
      instead: 'http-no-answer',
    },
  },
  {
    code: 'alpn-not-http',
    when: 'we offered h2 and the gateway took it',
    look: {
      evidence: without(
        evidence({
          steps: steps().map((step) =>
            step.name === 'http'
              ? { name: 'http', outcome: 'skipped', reason: 'protocol-not-spoken' }
              : step,
          ),
          tls: tlsSeen({ alpn: 'h2' }),
        }),
        'http',
      ) as Evidence,
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway takes neither',
      look: { evidence: refusedAtHello(120) },
      instead: 'alpn-mismatch',
    },
  },
  {
    code: 'local-resources-exhausted',
    when: 'the limit of open files is reached',
    look: { evidence: stoppedAt('tcp', { error: { code: 'EMFILE', syscall: 'connect' } }) },
    confidence: 'certain',
    nearMiss: {
      when: 'there is no route',
      look: { evidence: stoppedAt('tcp', { error: { code: 'ENETUNREACH' } }) },
      instead: 'tcp-unreachable',
    },
  },
  {
    code: 'process-stalled',
    when: 'the handshake fell silent in a look during which this process stood still',
    look: {
      evidence: { ...stoppedAt('tcp', { error: { code: 'TIMEOUT' } }), stalledMs: 4_200 },
    },
    confidence: 'likely',
    nearMiss: {
      when: 'nobody listens, which no stall of ours brings about',
      look: {
        evidence: { ...stoppedAt('tcp', { error: { code: 'ECONNREFUSED' } }), stalledMs: 4_200 },
      },
      instead: 'tcp-refused',
    },
  },
  {
    code: 'process-stalled',
    when: 'the connection was reset after our certificate flight, and this process had stood still',
    look: {
      evidence: {
        ...(without(
          evidence({
            steps: steps('http', { error: { code: 'ECONNRESET' } }),
            tls: tlsSeen({
              progress: untilOurFlight,
              ended: { by: 'peer', how: 'reset', atMs: 61_000 },
            }),
          }),
          'http',
        ) as Evidence),
        stalledMs: 60_000,
      },
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the stall was too short for the patience of any peer',
      look: {
        evidence: {
          ...(without(
            evidence({
              steps: steps('http', { error: { code: 'ECONNRESET' } }),
              tls: tlsSeen({
                progress: untilOurFlight,
                ended: { by: 'peer', how: 'reset', atMs: 900 },
              }),
            }),
            'http',
          ) as Evidence),
          stalledMs: 600,
        },
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'environment-differs',
    when: 'nothing was asked, and the delegate aims at another address',
    look: {
      evidence: without(
        differing('url', {
          steps: steps(undefined, {}, ['http', 'websocket']),
          tls: tlsSeen({ progress: untilOurFlight }),
        }),
        'http',
      ) as Evidence,
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the gateway accepts this look',
      look: { evidence: differing('url') },
      instead: null,
    },
  },
];
