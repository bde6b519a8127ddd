/** Causes in our certificate, and in what the gateway makes of it. */

import type {
  CertificateSeen,
  ClientCertificateSeen,
  Evidence,
} from '../../../src/evidence/evidence.ts';
import {
  answered,
  baseline,
  credential,
  evidence,
  leftAfterFlight,
  otherCa,
  ourCa,
  ourCertificate,
  ourRoot,
  refusedWith,
  tlsSeen,
  unconfigured,
  untilOurFlight,
  without,
} from '../../support/evidence.ts';
import type { CauseCase } from './case.ts';

const expired = ourCertificate({ notAfter: '2026-11-20T00:00:00.000Z' });
const early = ourCertificate({ notBefore: '2026-11-24T00:00:00.000Z' });
const forServers = ourCertificate({ extendedKeyUsage: ['serverAuth'] });
const selfMade = ourCertificate({ issuer: 'CN=delegate-1,O=Example', selfSigned: true });
const otherList = {
  certificateAuthorities: [otherCa],
  certificateAuthoritiesSha256: '2'.repeat(64),
};
const noList = { certificateAuthorities: [], certificateAuthoritiesSha256: '0'.repeat(64) };
const nginxRefuses = { status: 400, server: 'nginx', body: 'nginx-certificate-error' } as const;
const inFile = (certificate: ClientCertificateSeen): CertificateSeen =>
  without(certificate, 'path');
const refused = (code: number, clientCertificate: ClientCertificateSeen, tls = {}): Evidence =>
  refusedWith(
    code,
    { clientCertificate, credential: credential({ chain: [inFile(clientCertificate)] }) },
    tls,
  );

export const ourCases: readonly CauseCase[] = [
  {
    code: 'client-certificate-not-configured',
    when: 'certificate_required answers our empty flight',
    look: { evidence: unconfigured(refusedWith(116)) },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway takes us without one',
      look: { evidence: unconfigured(evidence()) },
      instead: null,
    },
  },
  {
    code: 'client-certificate-not-configured',
    when: 'a TLS 1.2 server says handshake_failure after our flight',
    look: {
      evidence: unconfigured(
        refusedWith(
          40,
          {},
          { version: '1.2', progress: { ...untilOurFlight, finishedReceived: false } },
        ),
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'it says so with our certificate in hand',
      look: {
        evidence: refusedWith(
          40,
          {},
          { version: '1.2', progress: { ...untilOurFlight, finishedReceived: false } },
        ),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-not-configured',
    when: 'nginx says that none was sent',
    look: {
      evidence: unconfigured(answered({ status: 400, body: 'nginx-no-required-certificate' })),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'nginx says so although we sent one',
      look: { evidence: answered({ status: 400, body: 'nginx-no-required-certificate' }) },
      instead: 'client-certificate-refused-by-http',
    },
  },
  {
    code: 'client-certificate-expired',
    when: 'certificate_expired names it',
    look: { evidence: refused(45, expired) },
    confidence: 'certain',
    nearMiss: {
      when: 'certificate_expired is said of a certificate in date',
      look: { evidence: refusedWith(45) },
      instead: 'gateway-crl-outdated',
    },
  },
  {
    code: 'client-certificate-expired',
    when: 'nginx names our CA and answers HTTP 400',
    look: { evidence: answered(nginxRefuses, { clientCertificate: expired }) },
    confidence: 'certain',
    nearMiss: {
      when: 'nginx answers HTTP 400 and ours is in date',
      look: { evidence: answered(nginxRefuses) },
      instead: 'client-certificate-refused-by-http',
    },
  },
  {
    code: 'client-certificate-expired',
    when: 'the gateway names nobody and closes without a word',
    look: { evidence: { ...leftAfterFlight('fin', noList), clientCertificate: expired } },
    confidence: 'likely',
    nearMiss: {
      when: 'ours is in date',
      look: { evidence: leftAfterFlight('fin', noList) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-expired',
    when: 'it was accepted before it expired',
    look: { evidence: refused(46, expired), baseline: baseline({ clientCertificate: expired }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway accepts an expired one',
      look: { evidence: evidence({ clientCertificate: expired }) },
      instead: null,
    },
  },
  {
    code: 'client-certificate-not-yet-valid',
    when: 'bad_certificate is said of one from tomorrow',
    look: { evidence: refused(42, early) },
    confidence: 'certain',
    nearMiss: {
      when: 'bad_certificate is said of one from last summer',
      look: { evidence: refusedWith(42) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-purpose',
    when: 'unsupported_certificate is said of one for servers',
    look: { evidence: refused(43, forServers) },
    confidence: 'certain',
    nearMiss: {
      when: 'there is no extendedKeyUsage at all',
      look: {
        evidence: refused(43, without(ourCertificate(), 'extendedKeyUsage')),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-self-signed',
    when: 'unknown_ca is said, and the same authorities were named before, without it',
    look: {
      evidence: refused(48, selfMade),
      baseline: baseline({ clientCertificate: ourCertificate({ sha256: '9'.repeat(64) }) }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'another CA issued it',
      look: { evidence: refused(48, ourCertificate({ issuer: otherCa })) },
      instead: 'client-issuer-not-accepted',
    },
  },
  {
    code: 'client-certificate-self-signed',
    when: 'unknown_ca is said and no authority is named',
    look: { evidence: refused(48, selfMade, noList) },
    confidence: 'likely',
    nearMiss: {
      when: 'the gateway names it as its own authority',
      look: {
        evidence: refused(46, selfMade, { certificateAuthorities: [selfMade.issuer ?? ''] }),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-revoked',
    when: 'certificate_revoked is said',
    look: { evidence: refusedWith(44) },
    confidence: 'likely',
    nearMiss: {
      when: 'certificate_unknown is said',
      look: { evidence: refusedWith(46) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-certificate-not-sent',
    when: 'our Certificate message was empty although one is configured',
    look: { evidence: refusedWith(116, {}, { clientCertificateSent: false }) },
    confidence: 'likely',
    nearMiss: {
      when: 'none is configured',
      look: { evidence: unconfigured(refusedWith(116)) },
      instead: 'client-certificate-not-configured',
    },
  },
  {
    code: 'client-issuer-not-accepted',
    when: 'our whole path leads elsewhere, and the gateway names what it named when it accepted another',
    look: {
      evidence: refusedWith(
        48,
        { credential: credential({ chain: [inFile(ourCertificate()), ourRoot()] }) },
        otherList,
      ),
      baseline: baseline({
        clientCertificate: ourCertificate({ sha256: '9'.repeat(64), issuer: otherCa }),
        tls: tlsSeen(otherList),
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'unknown_ca is said although our issuer is named',
      look: { evidence: refusedWith(48) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'client-issuer-not-accepted',
    when: 'our file ends below its root, so that an intermediate may be missing',
    look: { evidence: refusedWith(48, {}, otherList) },
    confidence: 'likely',
    nearMiss: {
      when: 'the issuer of our intermediate is named',
      look: {
        evidence: refusedWith(
          46,
          {
            credential: credential({
              chain: [
                inFile(ourCertificate()),
                inFile(ourCertificate({ subject: ourCa, issuer: otherCa })),
              ],
            }),
          },
          otherList,
        ),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'gateway-client-ca-changed',
    when: 'the list named our CA before and no longer does',
    look: { evidence: refusedWith(48, {}, otherList), baseline: baseline() },
    confidence: 'certain',
    nearMiss: {
      when: 'there is no earlier look',
      look: { evidence: refusedWith(48, {}, otherList) },
      instead: 'client-issuer-not-accepted',
    },
  },
  {
    code: 'gateway-client-ca-changed',
    when: 'it closes without a word, and the list no longer names our CA',
    look: { evidence: leftAfterFlight('fin', otherList), baseline: baseline() },
    confidence: 'certain',
    nearMiss: {
      when: 'our certificate is another than before',
      look: {
        evidence: leftAfterFlight('fin', otherList),
        baseline: baseline({ clientCertificate: ourCertificate({ sha256: '9'.repeat(64) }) }),
      },
      instead: 'client-issuer-not-accepted',
    },
  },
  {
    code: 'gateway-client-ca-changed',
    when: 'no authority is named, before or now, and unknown_ca is said of the same certificate',
    look: { evidence: refusedWith(48, {}, noList), baseline: baseline({ tls: tlsSeen(noList) }) },
    confidence: 'likely',
    nearMiss: {
      when: 'no authority is named and certificate_unknown is said',
      look: { evidence: refusedWith(46, {}, noList), baseline: baseline({ tls: tlsSeen(noList) }) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'gateway-client-ca-changed',
    when: 'a self-signed certificate was accepted before',
    look: {
      evidence: refused(48, selfMade, otherList),
      baseline: baseline({
        clientCertificate: selfMade,
        tls: tlsSeen({ certificateAuthorities: [selfMade.issuer ?? ''] }),
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'it was never accepted',
      look: { evidence: refused(48, selfMade, otherList) },
      instead: 'client-certificate-self-signed',
    },
  },
  {
    code: 'gateway-refused-our-certificate',
    when: 'certificate_unknown is said and all is in order here',
    look: { evidence: refusedWith(46) },
    confidence: 'likely',
    nearMiss: {
      when: 'certificate_unknown is said of an expired one',
      look: { evidence: refused(46, expired) },
      instead: 'client-certificate-expired',
    },
  },
  {
    code: 'gateway-refused-our-certificate',
    when: 'the connection is reset after our flight',
    look: { evidence: leftAfterFlight('reset') },
    confidence: 'possible',
    nearMiss: {
      when: 'it is reset and none is configured',
      look: { evidence: unconfigured(leftAfterFlight('reset')) },
      instead: 'client-certificate-not-configured',
    },
  },
  {
    code: 'client-certificate-refused-by-http',
    when: 'nginx answers HTTP 400 and all is in order here',
    look: { evidence: answered(nginxRefuses) },
    confidence: 'likely',
    nearMiss: {
      when: 'HTTP 400 says nothing of certificates',
      look: { evidence: answered({ status: 400, server: 'nginx' }) },
      instead: null,
    },
  },
  {
    code: 'client-certificate-refused-by-http',
    when: 'the answer is 495',
    look: { evidence: answered({ status: 495 }) },
    confidence: 'likely',
    nearMiss: {
      when: 'our issuer is not among the authorities named',
      look: { evidence: answered({ status: 495 }, { tls: tlsSeen(otherList) }) },
      instead: 'client-issuer-not-accepted',
    },
  },
];
