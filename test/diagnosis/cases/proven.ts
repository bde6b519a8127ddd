/** Causes that extra attempts tell from their neighbours. */
import type { Evidence, ExperimentName, Step } from '../../../src/evidence/evidence.ts';
import {
  alertSeen,
  answered,
  baseline,
  brokeOff,
  ended,
  evidence,
  leftAfterFlight,
  ourCertificate,
  refusedAtHello,
  refusedWith,
  serverCertificate,
  steps,
  stoppedAt,
  throughProxy,
  tlsSeen,
  untilHello,
  untilOurFlight,
  untrusted,
  without,
} from '../../support/evidence.ts';
import type { CauseCase } from './case.ts';
import {
  accepted,
  answeredWith,
  brokenBy,
  refusedBy,
  tried,
  withExperiments,
} from './experiment.ts';

const reset = brokeOff({ ended: ended('reset'), progress: untilHello }, 'ECONNRESET');
const closed = brokeOff({ ended: ended('fin'), progress: untilHello });
const silent = brokeOff({ ended: ended('timeout', 'us') }, 'TIMEOUT');
const refused = refusedAtHello(40);
const noList = { certificateAuthorities: [], certificateAuthoritiesSha256: '0'.repeat(64) };
const hello = { outcome: 'rejected', serverHelloReceived: true } as const;
const controls: readonly ExperimentName[] = [
  'classic-groups-only',
  'tls-1.2-only',
  'other-server-name',
];
const allAlike = (came: Parameters<typeof tried>[1]) =>
  controls.map((changed) => tried(changed, came));

const unanswered: Evidence = without(
  evidence({
    steps: steps('http', { error: { code: 'TIMEOUT' } }),
    tls: tlsSeen({
      progress: untilOurFlight,
      ended: { by: 'us', how: 'timeout', atMs: 10_000 },
    }),
  }),
  'http',
) as Evidence;

/** The same steps, dialled at an IPv6 address. */
const overIpv6 = (seen: Evidence): Evidence => ({
  ...seen,
  steps: seen.steps.map(
    (step): Step => (step.name === 'tcp' ? { ...step, address: '2001:db8::7' } : step),
  ),
});

const proxied = { target: { ...evidence().target, proxy: 'http://proxy.example:3128' } };
const tunnelClosed = (...made: Parameters<typeof withExperiments>[1][]): Evidence =>
  withExperiments(
    brokeOff({ ended: ended('fin'), progress: untilHello }, 'CLOSED', {
      ...proxied,
      proxy: { status: 200 },
      steps: throughProxy(steps('tls', { error: { code: 'CLOSED' } })),
    }),
    ...made,
  );
const dialledDirectly = stoppedAt('tcp', { error: { code: 'TIMEOUT' } });
const proxyRefuses = stoppedAt(
  'proxy',
  { error: { code: 'PROXY_REFUSED' } },
  { ...proxied, proxy: { status: 403 } },
);

export const provenCases: readonly CauseCase[] = [
  {
    code: 'client-hello-too-large',
    when: 'a smaller ClientHello is answered and the large one fails again',
    look: {
      evidence: withExperiments(
        silent,
        tried('classic-groups-only', accepted),
        tried('again', brokenBy('TIMEOUT')),
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the large one is answered as well the next time',
      look: {
        evidence: withExperiments(
          silent,
          tried('classic-groups-only', accepted),
          tried('again', { ...hello, layer: 'http', error: 'TIMEOUT' }),
        ),
      },
      instead: 'handshake-timeout',
    },
  },
  {
    code: 'client-hello-too-large',
    when: 'a smaller ClientHello is answered, and nothing else was tried',
    look: { evidence: withExperiments(reset, tried('classic-groups-only', accepted)) },
    confidence: 'likely',
    nearMiss: {
      when: 'a smaller ClientHello is reset as well',
      look: {
        evidence: withExperiments(reset, tried('classic-groups-only', brokenBy('ECONNRESET'))),
      },
      instead: 'handshake-reset',
    },
  },
  {
    code: 'handshake-reset',
    when: 'another server name is answered, as filters do',
    look: {
      evidence: withExperiments(
        reset,
        tried('classic-groups-only', brokenBy('ECONNRESET')),
        tried('other-server-name', { ...hello, value: 'sidelight.invalid' }),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the gateway took the same ClientHello before, and resets every one now',
      look: {
        evidence: withExperiments(reset, ...allAlike(brokenBy('ECONNRESET'))),
        baseline: baseline(),
      },
      instead: 'gateway-handshake-refused',
    },
  },
  {
    code: 'gateway-handshake-refused',
    when: 'it closes every ClientHello, and took ours before',
    look: {
      evidence: withExperiments(closed, ...allAlike(brokenBy('CLOSED'))),
      baseline: baseline(),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'it never took any',
      look: { evidence: withExperiments(closed, ...allAlike(brokenBy('CLOSED'))) },
      instead: 'handshake-closed',
    },
  },
  {
    code: 'gateway-handshake-refused',
    when: 'every ClientHello gets the same alert',
    look: { evidence: withExperiments(refused, ...allAlike(refusedBy(40, false))) },
    confidence: 'likely',
    nearMiss: {
      when: 'one with classic groups is answered',
      look: {
        evidence: withExperiments(
          refused,
          tried('classic-groups-only', hello),
          tried('tls-1.2-only', refusedBy(40, false)),
        ),
      },
      instead: 'no-shared-group',
    },
  },
  {
    code: 'no-shared-group',
    when: 'we offered one rare group, and common ones are answered',
    look: {
      evidence: withExperiments(
        refusedAtHello(40, { clientHello: { ...tlsSeen().clientHello!, groups: ['secp521r1'] } }),
        tried('classic-groups-only', hello),
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'common ones get the same alert',
      look: {
        evidence: withExperiments(
          refusedAtHello(40, { clientHello: { ...tlsSeen().clientHello!, groups: ['secp521r1'] } }),
          tried('classic-groups-only', refusedBy(40, false)),
        ),
      },
      instead: 'no-shared-cipher-suite',
    },
  },
  {
    code: 'no-shared-group',
    when: 'illegal_parameter answers our ClientHello',
    look: { evidence: refusedAtHello(47) },
    confidence: 'possible',
    nearMiss: {
      when: 'the same offer suited the gateway before',
      look: { evidence: refusedAtHello(47), baseline: baseline() },
      instead: 'gateway-handshake-refused',
    },
  },
  {
    code: 'server-name-unrecognized',
    when: 'handshake_failure answers our name, and another name is served',
    look: {
      evidence: withExperiments(
        refused,
        tried('no-server-name', { ...hello }),
        tried('classic-groups-only', refusedBy(40, false)),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'no name is served',
      look: {
        evidence: withExperiments(
          refused,
          tried('no-server-name', refusedBy(40, false)),
          tried('classic-groups-only', refusedBy(40, false)),
        ),
      },
      instead: 'gateway-handshake-refused',
    },
  },
  {
    code: 'server-name-unrecognized',
    when: 'our name is answered with a close, and another one is served',
    look: { evidence: withExperiments(closed, tried('other-server-name', hello)) },
    confidence: 'likely',
    nearMiss: {
      when: 'no name is served',
      look: { evidence: withExperiments(closed, tried('other-server-name', brokenBy('CLOSED'))) },
      instead: 'handshake-closed',
    },
  },
  {
    code: 'alpn-mismatch',
    when: 'handshake_failure answers our ALPN, and none is answered',
    look: { evidence: withExperiments(refused, tried('no-alpn', hello)) },
    confidence: 'likely',
    nearMiss: {
      when: 'another attempt with ALPN is answered as well',
      look: {
        evidence: withExperiments(refused, tried('no-alpn', hello), tried('again', hello)),
      },
      instead: 'no-shared-cipher-suite',
    },
  },
  {
    code: 'protocol-version-unsupported',
    when: 'TLS 1.2 alone is answered, and a smaller ClientHello of TLS 1.3 is not',
    look: {
      evidence: withExperiments(
        closed,
        tried('classic-groups-only', brokenBy('CLOSED')),
        tried('tls-1.2-only', hello),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the smaller ClientHello is answered too',
      look: {
        evidence: withExperiments(
          closed,
          tried('classic-groups-only', hello),
          tried('tls-1.2-only', hello),
        ),
      },
      instead: 'client-hello-too-large',
    },
  },
  {
    code: 'path-mtu-black-hole',
    when: 'our flight gets no answer, and one without a certificate gets one at once',
    look: { evidence: withExperiments(unanswered, tried('no-client-certificate', refusedBy(116))) },
    confidence: 'likely',
    nearMiss: {
      when: 'one without a certificate gets none either',
      look: {
        evidence: withExperiments(
          unanswered,
          tried('no-client-certificate', { layer: 'http', error: 'TIMEOUT' }),
        ),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'path-mtu-black-hole',
    when: 'a TLS 1.2 handshake falls silent with our flight, and a smaller one does not',
    look: {
      evidence: withExperiments(
        brokeOff(
          {
            version: '1.2',
            progress: { ...untilOurFlight, finishedReceived: false },
            clientCertificateRequested: true,
            clientCertificateSent: true,
            ended: ended('timeout', 'us'),
          },
          'TIMEOUT',
        ),
        tried('no-client-certificate', refusedBy(40)),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'nothing else was tried',
      look: {
        evidence: brokeOff(
          {
            version: '1.2',
            progress: { ...untilOurFlight, finishedReceived: false },
            clientCertificateRequested: true,
            clientCertificateSent: true,
            ended: ended('timeout', 'us'),
          },
          'TIMEOUT',
        ),
      },
      instead: 'handshake-timeout',
    },
  },
  {
    code: 'gateway-refused-our-certificate',
    when: 'it resets after our flight, and not after one without a certificate',
    look: {
      evidence: withExperiments(
        leftAfterFlight('reset'),
        tried('no-client-certificate', refusedBy(116)),
        tried('throwaway-client-certificate', { error: 'ECONNRESET', outcome: 'rejected' }),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'it resets after every flight, and accepted ours before',
      look: {
        evidence: withExperiments(
          leftAfterFlight('reset'),
          tried('no-client-certificate', { error: 'ECONNRESET', outcome: 'rejected' }),
          tried('throwaway-client-certificate', { error: 'ECONNRESET', outcome: 'rejected' }),
        ),
        baseline: baseline(),
      },
      instead: 'gateway-refuses-every-client',
    },
  },
  {
    code: 'gateway-refuses-every-client',
    when: 'HTTP 403 comes with our certificate, with none and with any',
    look: {
      evidence: withExperiments(
        answered({ status: 403 }),
        tried('no-client-certificate', answeredWith(403)),
        tried('throwaway-client-certificate', answeredWith(403)),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'without a certificate the answer is another',
      look: {
        evidence: withExperiments(
          answered({ status: 403 }),
          tried('no-client-certificate', answeredWith(400)),
          tried('throwaway-client-certificate', answeredWith(403)),
        ),
      },
      instead: 'gateway-forbids',
    },
  },
  {
    code: 'gateway-refuses-every-client',
    when: 'access_denied answers every flight',
    look: {
      evidence: withExperiments(
        refusedWith(49),
        tried('no-client-certificate', refusedBy(49)),
        tried('throwaway-client-certificate', refusedBy(49)),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'bad_certificate answers every flight, as Go servers do, and ours has expired',
      look: {
        evidence: withExperiments(
          refusedWith(42, {
            clientCertificate: ourCertificate({ notAfter: '2026-11-01T00:00:00.000Z' }),
          }),
          tried('no-client-certificate', refusedBy(42)),
          tried('throwaway-client-certificate', refusedBy(42)),
        ),
      },
      instead: 'client-certificate-expired',
    },
  },
  {
    code: 'gateway-replicas-disagree',
    when: 'another address accepts, and this one refuses again',
    look: {
      evidence: withExperiments(
        refusedWith(48, {}, noList),
        tried('other-address', { ...accepted, value: '192.0.2.8' }),
        tried('again', refusedBy(48)),
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'every address refuses',
      look: {
        evidence: withExperiments(
          refusedWith(48, {}, noList),
          tried('other-address', { ...refusedBy(48), value: '192.0.2.8' }),
          tried('again', refusedBy(48)),
        ),
      },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'gateway-replicas-disagree',
    when: 'every further attempt is accepted, so that it may have recovered',
    look: {
      evidence: withExperiments(
        answered({ status: 403 }),
        tried('again', accepted),
        tried('no-client-certificate', answeredWith(403)),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'no further attempt was made',
      look: { evidence: answered({ status: 403 }) },
      instead: 'gateway-forbids',
    },
  },
  {
    code: 'gateway-replicas-disagree',
    when: 'one of two addresses presents an expired certificate',
    look: {
      evidence: withExperiments(
        untrusted('CERT_HAS_EXPIRED', [
          serverCertificate({ notAfter: '2026-11-01T00:00:00.000Z' }),
        ]),
        tried('other-address', { ...accepted, value: '192.0.2.8' }),
        tried('again', { outcome: 'failed', serverHelloReceived: true }),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'both do',
      look: {
        evidence: withExperiments(
          untrusted('CERT_HAS_EXPIRED', [
            serverCertificate({ notAfter: '2026-11-01T00:00:00.000Z' }),
          ]),
          tried('other-address', { value: '192.0.2.8', serverHelloReceived: true }),
        ),
      },
      instead: 'server-certificate-expired',
    },
  },
  {
    code: 'ipv6-broken',
    when: 'the handshake over IPv6 falls silent, and every IPv4 address accepts',
    look: {
      evidence: withExperiments(
        overIpv6(silent),
        tried('classic-groups-only', brokenBy('TIMEOUT')),
        tried('other-address', { ...accepted, value: '192.0.2.7' }),
        tried('other-address', { ...brokenBy('TIMEOUT'), value: '2001:db8::8' }),
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway answers over IPv6 and refuses',
      look: {
        evidence: withExperiments(
          overIpv6(refusedWith(46)),
          tried('other-address', { ...accepted, value: '192.0.2.7' }),
          tried('again', refusedBy(46)),
        ),
      },
      instead: 'gateway-replicas-disagree',
    },
  },
  {
    code: 'ipv6-broken',
    when: 'no dial over IPv6 succeeds, and IPv4 was tried apart',
    look: {
      evidence: withExperiments(
        stoppedAt('tcp', {
          error: { code: 'TIMEOUT' },
          failedAddresses: [{ address: '2001:db8::7', code: 'TIMEOUT' }],
        }),
        tried('other-address', { ...accepted, value: '192.0.2.7' }),
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'IPv4 fails as well',
      look: {
        evidence: withExperiments(
          stoppedAt('tcp', {
            error: { code: 'TIMEOUT' },
            failedAddresses: [{ address: '2001:db8::7', code: 'TIMEOUT' }],
          }),
          tried('other-address', { layer: 'tcp', error: 'TIMEOUT', value: '192.0.2.7' }),
        ),
      },
      instead: 'tcp-timeout',
    },
  },
  {
    code: 'proxy-closed-tunnel',
    when: 'the direct way is accepted',
    look: { evidence: tunnelClosed(tried('without-proxy', accepted)) },
    confidence: 'certain',
    nearMiss: {
      when: 'the direct way ends alike',
      look: { evidence: tunnelClosed(tried('without-proxy', brokenBy('CLOSED'))) },
      instead: 'handshake-closed',
    },
  },
  {
    code: 'proxy-bypass-misapplied',
    when: 'the proxy leads there, as it did before, and was not used',
    look: {
      evidence: withExperiments(
        dialledDirectly,
        tried('with-proxy', { ...accepted, value: 'http://proxy.example:3128' }),
      ),
      baseline: baseline(proxied),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'the proxy does not lead there either',
      look: {
        evidence: withExperiments(
          dialledDirectly,
          tried('with-proxy', { layer: 'proxy', error: 'PROXY_REFUSED' }),
        ),
      },
      instead: 'tcp-timeout',
    },
  },
  {
    code: 'proxy-bypass-misapplied',
    when: 'the proxy refuses, and it was not used before',
    look: { evidence: proxyRefuses, baseline: baseline() },
    confidence: 'likely',
    nearMiss: {
      when: 'it was used before',
      look: { evidence: proxyRefuses, baseline: baseline(proxied) },
      instead: 'proxy-refused',
    },
  },
  {
    code: 'tcp-timeout',
    when: 'the sibling port answers',
    look: {
      evidence: withExperiments(
        stoppedAt('tcp', { error: { code: 'TIMEOUT' } }),
        tried('sibling-port', { ...answeredWith(403), value: '443' }),
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'an alert comes from the port itself',
      look: {
        evidence: {
          ...refused,
          alerts: [alertSeen(120, { encrypted: false, afterFinished: false })],
        },
      },
      instead: 'alpn-mismatch',
    },
  },
  {
    code: 'tls-interception',
    when: 'the way around the proxy shows another certificate',
    look: {
      evidence: withExperiments(
        untrusted('SELF_SIGNED_CERT_IN_CHAIN', [serverCertificate({ issuer: 'CN=Corp CA' })], {
          ...proxied,
          steps: throughProxy(steps()),
        }),
        tried('without-proxy', { ...accepted, serverCertificateSha256: '7'.repeat(64) }),
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'it shows the same one',
      look: {
        evidence: withExperiments(
          untrusted('SELF_SIGNED_CERT_IN_CHAIN', [serverCertificate({ issuer: 'CN=Corp CA' })], {
            ...proxied,
            steps: throughProxy(steps()),
          }),
          tried('without-proxy', { serverCertificateSha256: 'd'.repeat(64) }),
        ),
      },
      instead: 'server-issuer-untrusted',
    },
  },
];
