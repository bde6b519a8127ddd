/** Causes in what the gateway negotiates, presents and answers. */

import type { Evidence } from '../../../src/evidence/evidence.ts';
import {
  alertSeen,
  answered,
  baseline,
  brokeOff,
  credential,
  evidence,
  lookTime,
  ourCertificate,
  refusedAtHello,
  refusedWith,
  serverCertificate,
  steps,
  tlsSeen,
  unconfigured,
  untilOurFlight,
  untrusted,
  upgraded,
  without,
} from '../../support/evidence.ts';
import type { CauseCase } from './case.ts';

const expired = { notBefore: '2025-01-01T00:00:00.000Z', notAfter: '2026-11-01T00:00:00.000Z' };
const notAsked = { clientCertificateRequested: false, certificateAuthorities: undefined };
const withoutRequest = (changes: Partial<Evidence>): Evidence =>
  evidence({
    ...changes,
    tls: {
      ...without(tlsSeen(), 'certificateAuthorities', 'clientCertificateSent'),
      clientCertificateRequested: notAsked.clientCertificateRequested,
    },
  });
const unanswered = (ticketsReceived: number, requested = true): Evidence =>
  without(
    evidence({
      steps: steps('http', { error: { code: 'TIMEOUT' } }),
      tls: tlsSeen({
        clientCertificateRequested: requested,
        progress: { ...untilOurFlight, ticketsReceived },
        ended: { by: 'us', how: 'timeout', atMs: 10_000 },
      }),
    }),
    'http',
  ) as Evidence;

/** Our anchors, as a file that was last written at this hour. */
const anchorsOf = (hour: string): Partial<Evidence> => ({
  credential: credential({
    caFile: { path: '/etc/mtls/ca.crt', modifiedAt: `2026-11-23T${hour}:00.000Z` },
  }),
});

export const gatewayCases: readonly CauseCase[] = [
  {
    code: 'protocol-version-unsupported',
    when: 'the alert protocol_version answers our ClientHello',
    look: { evidence: refusedAtHello(70) },
    confidence: 'certain',
    nearMiss: {
      when: 'the alert is handshake_failure',
      look: { evidence: refusedAtHello(40) },
      instead: 'no-shared-cipher-suite',
    },
  },
  {
    code: 'server-name-unrecognized',
    when: 'the alert unrecognized_name answers our ClientHello',
    look: { evidence: refusedAtHello(112) },
    confidence: 'certain',
    nearMiss: {
      when: 'it is a warning and the gateway goes on and answers',
      look: { evidence: evidence({ alerts: [alertSeen(112, { level: 'warning' })] }) },
      instead: null,
    },
  },
  {
    code: 'alpn-mismatch',
    when: 'the alert no_application_protocol answers our ClientHello',
    look: { evidence: refusedAtHello(120) },
    confidence: 'certain',
    nearMiss: {
      when: 'the alert is internal_error',
      look: { evidence: refusedAtHello(80) },
      instead: 'gateway-internal-error',
    },
  },
  {
    code: 'no-shared-cipher-suite',
    when: 'a short list set by hand is answered with handshake_failure',
    look: {
      evidence: refusedAtHello(40, {
        clientHello: { ...tlsSeen().clientHello!, cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256'] },
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the same offer suited the gateway before',
      look: { evidence: refusedAtHello(40), baseline: baseline() },
      instead: 'gateway-handshake-refused',
    },
  },
  {
    code: 'no-shared-signature-algorithm',
    when: 'our own library finds none',
    look: {
      evidence: brokeOff({}, 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM', {
        alerts: [alertSeen(40, { direction: 'sent', encrypted: false, afterFinished: false })],
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the gateway is the one that says handshake_failure',
      look: { evidence: refusedAtHello(40) },
      instead: 'no-shared-cipher-suite',
    },
  },
  {
    code: 'gateway-handshake-refused',
    when: 'an alert without a cause of its own answers our ClientHello',
    look: { evidence: refusedAtHello(50) },
    confidence: 'possible',
    nearMiss: {
      when: 'the alert comes after our certificate flight',
      look: { evidence: refusedWith(49) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'server-certificate-expired',
    when: 'its dates have passed',
    look: { evidence: untrusted('CERT_HAS_EXPIRED', [serverCertificate(expired)]) },
    confidence: 'certain',
    nearMiss: {
      when: 'the leaf is in date and its intermediate is not',
      look: {
        evidence: untrusted('CERT_HAS_EXPIRED', [
          serverCertificate(),
          serverCertificate({ ...expired, subject: 'CN=Old' }),
        ]),
      },
      instead: 'server-intermediate-expired',
    },
  },
  {
    code: 'server-certificate-expired',
    when: 'our own has passed as well, so that the clock is in doubt',
    look: {
      evidence: untrusted('CERT_HAS_EXPIRED', [serverCertificate(expired)], {
        clientCertificate: ourCertificate(expired),
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'only our own has passed',
      look: { evidence: refusedWith(45, { clientCertificate: ourCertificate(expired) }) },
      instead: 'client-certificate-expired',
    },
  },
  {
    code: 'server-intermediate-expired',
    when: 'an intermediate is out of date',
    look: {
      evidence: untrusted('CERT_HAS_EXPIRED', [
        serverCertificate(),
        serverCertificate({ ...expired, subject: 'CN=Old' }),
      ]),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the leaf is out of date too',
      look: {
        evidence: untrusted('CERT_HAS_EXPIRED', [
          serverCertificate(expired),
          serverCertificate(expired),
        ]),
      },
      instead: 'server-certificate-expired',
    },
  },
  {
    code: 'server-certificate-not-yet-valid',
    when: 'its dates lie ahead',
    look: {
      evidence: untrusted('CERT_NOT_YET_VALID', [
        serverCertificate({ notBefore: '2026-12-01T00:00:00.000Z' }),
      ]),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'ours lies ahead and the gateway refuses it',
      look: {
        evidence: refusedWith(42, {
          clientCertificate: ourCertificate({ notBefore: '2026-12-01T00:00:00.000Z' }),
        }),
      },
      instead: 'client-certificate-not-yet-valid',
    },
  },
  {
    code: 'server-certificate-name-mismatch',
    when: 'its names are others',
    look: {
      evidence: untrusted('ERR_TLS_CERT_ALTNAME_INVALID', [
        serverCertificate({ subjectAltNames: ['DNS:other.example'] }),
      ]),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway does not know the name and says so by an alert',
      look: { evidence: refusedAtHello(112) },
      instead: 'server-name-unrecognized',
    },
  },
  {
    code: 'server-certificate-self-signed',
    when: 'the leaf signed itself',
    look: {
      evidence: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', [serverCertificate({ selfSigned: true })]),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the self-signed certificate is the root of a chain',
      look: { evidence: untrusted('SELF_SIGNED_CERT_IN_CHAIN') },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'server-issuer-untrusted',
    when: 'the chain ends at a root that is not ours, and the certificate is the one of before',
    look: {
      evidence: untrusted('SELF_SIGNED_CERT_IN_CHAIN', [serverCertificate(), serverCertificate()]),
      baseline: baseline(),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'one certificate came where the same issuer had two before',
      look: {
        evidence: untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
        baseline: baseline({
          tls: tlsSeen({ serverCertificates: [serverCertificate(), serverCertificate()] }),
        }),
      },
      instead: 'server-chain-incomplete',
    },
  },
  {
    code: 'server-chain-invalid',
    when: 'the issuer is no CA, which OpenSSL calls a wrong purpose',
    look: {
      evidence: untrusted('INVALID_PURPOSE', [
        serverCertificate({ issuer: 'CN=Below' }),
        serverCertificate({ subject: 'CN=Below', isCa: false }),
      ]),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the issuer is a CA, and the leaf is for clients',
      look: {
        evidence: untrusted('INVALID_PURPOSE', [
          serverCertificate({ issuer: 'CN=Below', extendedKeyUsage: ['clientAuth'] }),
          serverCertificate({ subject: 'CN=Below', isCa: true }),
        ]),
      },
      instead: 'server-certificate-purpose',
    },
  },
  {
    code: 'ca-file-changed',
    when: 'the file of our anchors was written since the same certificate was trusted',
    look: {
      evidence: untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, anchorsOf('14:00')),
      baseline: baseline(anchorsOf('12:00')),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the file is the one of before',
      look: {
        evidence: untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, anchorsOf('12:00')),
        baseline: baseline(anchorsOf('12:00')),
      },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'ca-file-changed',
    when: 'another file of anchors is configured since the same certificate was trusted',
    look: {
      evidence: untrusted('SELF_SIGNED_CERT_IN_CHAIN', undefined, {
        credential: credential({ caFile: { path: '/etc/other/ca.crt' } }),
      }),
      baseline: baseline(anchorsOf('12:00')),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the file was written anew, and the same certificate is refused for another reason',
      look: {
        evidence: untrusted('CERT_REJECTED', undefined, anchorsOf('14:00')),
        baseline: baseline(anchorsOf('12:00')),
      },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'server-issuer-untrusted',
    when: 'one certificate came and its issuer is unknown',
    look: { evidence: untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE') },
    confidence: 'likely',
    nearMiss: {
      when: 'the path is trusted and the gateway accepts us',
      look: { evidence: evidence() },
      instead: null,
    },
  },
  {
    code: 'server-chain-incomplete',
    when: 'the intermediate is gone that was sent before',
    look: {
      evidence: untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      baseline: baseline({
        tls: tlsSeen({ serverCertificates: [serverCertificate(), serverCertificate()] }),
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the intermediate is there and its issuer is unknown',
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
    code: 'server-certificate-purpose',
    when: 'it is a client certificate',
    look: {
      evidence: untrusted('INVALID_PURPOSE', [
        serverCertificate({ extendedKeyUsage: ['clientAuth'] }),
      ]),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'ours is a server certificate',
      look: {
        evidence: refusedWith(43, {
          clientCertificate: ourCertificate({ extendedKeyUsage: ['serverAuth'] }),
        }),
      },
      instead: 'client-certificate-purpose',
    },
  },
  {
    code: 'gateway-internal-error',
    when: 'the alert internal_error answers our flight',
    look: { evidence: refusedWith(80) },
    confidence: 'likely',
    nearMiss: {
      when: 'the alert is certificate_unknown',
      look: { evidence: refusedWith(46) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'gateway-internal-error',
    when: 'the answer is HTTP 500',
    look: { evidence: answered({ status: 500 }) },
    confidence: 'likely',
    nearMiss: {
      when: 'the answer is HTTP 502',
      look: { evidence: answered({ status: 502 }) },
      instead: 'gateway-upstream-failed',
    },
  },
  {
    code: 'post-handshake-authentication-required',
    when: 'a CertificateRequest follows the handshake and the answer is 403',
    look: {
      evidence: evidence({
        http: { status: 403 },
        tls: tlsSeen({
          clientCertificateRequested: false,
          progress: { ...tlsSeen().progress, certificateRequestedAfterHandshake: true },
        }),
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the certificate was asked for in the handshake',
      look: { evidence: answered({ status: 403 }) },
      instead: 'gateway-forbids',
    },
  },
  {
    code: 'gateway-stopped-requesting-client-certificate',
    when: 'it asked before, and now answers 403 without asking',
    look: { evidence: withoutRequest({ http: { status: 403 } }), baseline: baseline() },
    confidence: 'certain',
    nearMiss: {
      when: 'it never asked',
      look: {
        evidence: withoutRequest({ http: { status: 403 } }),
        baseline: { evidence: withoutRequest({}) },
      },
      instead: 'gateway-forbids',
    },
  },
  {
    code: 'account-or-token-refused',
    when: 'the answer is 401',
    look: { evidence: answered({ status: 401 }) },
    confidence: 'likely',
    nearMiss: {
      when: 'the answer is 401 and the certificate it asked for is not configured',
      look: { evidence: unconfigured(answered({ status: 401 })) },
      instead: 'client-certificate-not-configured',
    },
  },
  {
    code: 'account-or-token-refused',
    when: 'the manager names the authority',
    look: { evidence: answered({ status: 403, body: 'invalid-agent-mtls-authority' }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the answer is 403 and names nothing',
      look: { evidence: answered({ status: 403 }) },
      instead: 'gateway-forbids',
    },
  },
  {
    code: 'gateway-forbids',
    when: 'the answer is 403 with a certificate that works',
    look: { evidence: answered({ status: 403 }) },
    confidence: 'likely',
    nearMiss: {
      when: 'the answer is 404',
      look: { evidence: answered({ status: 404 }) },
      instead: null,
    },
  },
  {
    code: 'misdirected-request',
    when: 'the answer is 421',
    look: { evidence: answered({ status: 421 }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the answer is 422',
      look: { evidence: answered({ status: 422 }) },
      instead: null,
    },
  },
  {
    code: 'gateway-overloaded',
    when: 'the answer is 503 with Retry-After',
    look: { evidence: answered({ status: 503, retryAfterMs: 30_000 }) },
    confidence: 'likely',
    nearMiss: {
      when: 'the answer is 503 without one',
      look: { evidence: answered({ status: 503 }) },
      instead: 'gateway-upstream-failed',
    },
  },
  {
    code: 'gateway-overloaded',
    when: 'the answer is 429',
    look: { evidence: answered({ status: 429 }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the answer is 428',
      look: { evidence: answered({ status: 428 }) },
      instead: null,
    },
  },
  {
    code: 'gateway-upstream-failed',
    when: 'the answer is 504',
    look: { evidence: answered({ status: 504 }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the answer is 500',
      look: { evidence: answered({ status: 500 }) },
      instead: 'gateway-internal-error',
    },
  },
  {
    code: 'unexpected-redirect',
    when: 'the answer leads to a login page elsewhere, from the certificate of before',
    look: {
      evidence: answered({ status: 302, locationOrigin: 'https://login.example' }),
      baseline: baseline(),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the answer leads to the same host',
      look: { evidence: answered({ status: 302, locationOrigin: 'https://gateway.example:8443' }) },
      instead: null,
    },
  },
  {
    code: 'http-no-answer',
    when: 'a ticket came and no answer',
    look: { evidence: unanswered(2) },
    confidence: 'likely',
    nearMiss: {
      when: 'nothing at all came after our certificate flight',
      look: { evidence: unanswered(0) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'websocket-upgrade-refused',
    when: 'plain requests work and the upgrade is answered with 200',
    look: { evidence: evidence({ steps: steps('websocket', {}, []), websocket: { status: 200 } }) },
    confidence: 'likely',
    nearMiss: {
      when: 'the upgrade is forbidden',
      look: {
        evidence: evidence({ steps: steps('websocket', {}, []), websocket: { status: 403 } }),
      },
      instead: 'gateway-forbids',
    },
  },
  {
    code: 'websocket-closed',
    when: 'a policy closes it at once',
    look: { evidence: upgraded({ status: 101, closeCode: 1008, closeReason: 'policy' }, true) },
    confidence: 'certain',
    nearMiss: {
      when: 'it is closed in order',
      look: { evidence: upgraded({ status: 101, closeCode: 1000 }) },
      instead: null,
    },
  },
  {
    code: 'wrong-backend',
    when: 'the upgrade is answered with 404 where it was 101 before',
    look: {
      evidence: upgraded({ status: 404 }, true),
      baseline: { evidence: { ...upgraded({ status: 101 }), time: lookTime } },
    },
    confidence: 'likely',
    nearMiss: {
      when: 'nothing was accepted before',
      look: { evidence: upgraded({ status: 404 }, true) },
      instead: 'websocket-upgrade-refused',
    },
  },
];
