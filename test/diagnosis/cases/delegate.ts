/** Causes that lie in how the Java delegate differs from us. */
import type { DelegateSeen, Evidence } from '../../../src/evidence/evidence.ts';
import {
  baseline,
  credential,
  evidence,
  refusedWith,
  serverCertificate,
  tlsSeen,
  untrusted,
  without,
} from '../../support/evidence.ts';
import type { CauseCase } from './case.ts';

const trustStore = {
  file: { path: '/opt/java/openjdk/lib/security/cacerts' },
  format: 'jks',
  anchors: 145,
} as const;
const trusting: DelegateSeen = { trustStore, trustsServer: true };
const distrusting: DelegateSeen = { trustStore, trustsServer: false, distrust: 'no-path' };

const ecKey = { algorithm: 'ec', bits: 256, label: 'PRIVATE KEY', encrypted: false } as const;

/** Nothing could be asked, and nobody knows why: nothing proves or disproves acceptance. */
function unconfirmed(changes: Partial<Evidence>): Evidence {
  const seen = evidence(changes);
  const steps = seen.steps.map((step) =>
    step.name === 'http'
      ? ({ name: 'http', outcome: 'skipped', reason: 'protocol-not-spoken' } as const)
      : step,
  );
  return { ...seen, steps, tls: without(tlsSeen(), 'alpn'), http: {} };
}

const publicRoot = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
const chain = [serverCertificate()];

export const delegateCases: readonly CauseCase[] = [
  {
    code: 'client-key-unusable-by-delegate',
    when: 'nothing proves that we are accepted, and the key is of an elliptic curve',
    look: { evidence: unconfirmed({ delegate: trusting, credential: credential({ key: ecKey }) }) },
    confidence: 'possible',
    nearMiss: {
      when: 'no delegate stands beside us',
      look: { evidence: unconfirmed({ credential: credential({ key: ecKey }) }) },
      instead: null,
    },
  },
  {
    code: 'client-key-unusable-by-delegate',
    when: 'nothing proves that we are accepted, and the key file holds two keys',
    look: {
      evidence: unconfirmed({
        delegate: trusting,
        credential: credential({ key: { ...ecKey, algorithm: 'rsa', blocks: 2 } }),
      }),
    },
    confidence: 'possible',
    nearMiss: {
      when: 'the gateway refuses us, which is the better answer',
      look: {
        evidence: refusedWith(46, {
          delegate: trusting,
          credential: credential({ key: { ...ecKey, algorithm: 'rsa', blocks: 2 } }),
        }),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'trust-stores-disagree',
    when: "the delegate's store holds the CA that our anchors lack",
    look: { evidence: untrusted(publicRoot, chain, { delegate: trusting }) },
    confidence: 'likely',
    nearMiss: {
      when: 'neither holds it',
      look: { evidence: untrusted(publicRoot, chain, { delegate: distrusting }) },
      instead: 'server-issuer-untrusted',
    },
  },
  {
    code: 'trust-stores-disagree',
    when: 'it holds the CA, and the server presents what it presented before',
    look: {
      evidence: untrusted('SELF_SIGNED_CERT_IN_CHAIN', chain, { delegate: trusting }),
      baseline: baseline(),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the name does not match, which is no matter of stores',
      look: {
        evidence: untrusted('ERR_TLS_CERT_ALTNAME_INVALID', chain, { delegate: trusting }),
        baseline: baseline(),
      },
      instead: 'server-certificate-name-mismatch',
    },
  },
  {
    code: 'trust-stores-disagree',
    when: 'the server is self-signed and stands in the store of the delegate',
    look: { evidence: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', chain, { delegate: trusting }) },
    confidence: 'likely',
    nearMiss: {
      when: 'the delegate trusts it only because it trusts every server',
      look: {
        evidence: untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', chain, {
          delegate: { ...trusting, trustsAll: true },
        }),
      },
      instead: 'server-certificate-self-signed',
    },
  },
  {
    code: 'trust-stores-disagree',
    when: 'nothing proves that we are accepted, and the delegate does not trust the server',
    look: { evidence: unconfirmed({ delegate: distrusting }) },
    confidence: 'possible',
    nearMiss: {
      when: 'a certificate on its path has expired, which is no matter of stores',
      look: { evidence: unconfirmed({ delegate: { ...distrusting, distrust: 'expired' } }) },
      instead: null,
    },
  },
];
