/** Causes on the way: names, connections, proxies. */

import type { NotTlsSeen } from '../../../src/evidence/evidence.ts';
import {
  alertSeen,
  brokeOff,
  ended,
  evidence,
  leftAfterFlight,
  refusedAtHello,
  refusedWith,
  steps,
  stoppedAt,
  throughProxy,
  untilHello,
  untilOurFlight,
  untilServerHello,
} from '../../support/evidence.ts';
import type { CauseCase } from './case.ts';

const proxied = { target: { ...evidence().target, proxy: 'http://proxy.example:3128' } };
const viaProxy = (failing: 'dns' | 'tcp' | 'proxy', code: string) =>
  stoppedAt(failing, { error: { code }, host: 'proxy.example' }, proxied);
const connectAnswered = (status: number, more: object = {}) =>
  stoppedAt(
    'proxy',
    { error: { code: 'PROXY_STATUS' } },
    { ...proxied, proxy: { status, ...more } },
  );
const http: NotTlsSeen = {
  protocol: 'http',
  excerptHex: '485454502f31',
  excerptText: 'HTTP/1.1 400 Bad',
  httpStatus: 400,
};
const noise: NotTlsSeen = { protocol: 'unknown', excerptHex: '0001', excerptText: '..' };
const reset = { ended: ended('reset'), progress: untilHello };
const closed = { ended: ended('fin'), progress: untilHello };

export const networkCases: readonly CauseCase[] = [
  {
    code: 'dns-name-not-found',
    when: 'the resolver knows no such name',
    look: { evidence: stoppedAt('dns', { error: { code: 'ENOTFOUND' }, host: 'gateway.example' }) },
    confidence: 'certain',
    nearMiss: {
      when: 'it is the name of the proxy',
      look: { evidence: viaProxy('dns', 'ENOTFOUND') },
      instead: 'proxy-unreachable',
    },
  },
  {
    code: 'dns-temporary-failure',
    when: 'the resolver cannot answer now',
    look: { evidence: stoppedAt('dns', { error: { code: 'EAI_AGAIN' } }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the resolver answers that there is no address',
      look: { evidence: stoppedAt('dns', { error: { code: 'ENODATA' } }) },
      instead: 'dns-name-not-found',
    },
  },
  {
    code: 'tcp-refused',
    when: 'nothing listens',
    look: {
      evidence: stoppedAt('tcp', {
        error: { code: 'ECONNREFUSED', syscall: 'connect' },
        port: 8443,
        failedAddresses: [{ address: '192.0.2.7', code: 'ECONNREFUSED' }],
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'nothing listens at the proxy',
      look: { evidence: viaProxy('tcp', 'ECONNREFUSED') },
      instead: 'proxy-unreachable',
    },
  },
  {
    code: 'tcp-refused',
    when: 'one address refuses and the other has no route',
    look: {
      evidence: stoppedAt('tcp', {
        error: { code: 'ECONNREFUSED' },
        failedAddresses: [
          { address: '2001:db8::7', code: 'ENETUNREACH' },
          { address: '192.0.2.7', code: 'ECONNREFUSED' },
        ],
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the first one refuses and the last one falls silent',
      look: {
        evidence: stoppedAt('tcp', {
          error: { code: 'ETIMEDOUT' },
          failedAddresses: [
            { address: '2001:db8::7', code: 'ECONNREFUSED' },
            { address: '192.0.2.7', code: 'ETIMEDOUT' },
          ],
        }),
      },
      instead: 'tcp-timeout',
    },
  },
  {
    code: 'tcp-timeout',
    when: 'the port is filtered',
    look: { evidence: stoppedAt('tcp', { error: { code: 'TIMEOUT' } }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the connection stands and the handshake is silent',
      look: { evidence: brokeOff({ ended: ended('timeout', 'us') }, 'TIMEOUT') },
      instead: 'handshake-timeout',
    },
  },
  {
    code: 'tcp-unreachable',
    when: 'there is no route',
    look: { evidence: stoppedAt('tcp', { error: { code: 'EHOSTUNREACH' } }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the host is there and the port is closed',
      look: { evidence: stoppedAt('tcp', { error: { code: 'ECONNREFUSED' } }) },
      instead: 'tcp-refused',
    },
  },
  {
    code: 'tcp-reset-on-accept',
    when: 'the reset comes before our first octet',
    look: {
      evidence: brokeOff(
        {
          ended: ended('reset'),
          progress: { ...untilHello, clientHelloSent: false, octetsSent: 0 },
        },
        'ECONNRESET',
      ),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'our ClientHello was out',
      look: { evidence: brokeOff(reset, 'ECONNRESET') },
      instead: 'handshake-reset',
    },
  },
  {
    code: 'proxy-unreachable',
    when: 'nothing listens at the proxy',
    look: { evidence: viaProxy('tcp', 'ECONNREFUSED') },
    confidence: 'certain',
    nearMiss: {
      when: 'there is no proxy',
      look: { evidence: stoppedAt('tcp', { error: { code: 'ECONNREFUSED' } }) },
      instead: 'tcp-refused',
    },
  },
  {
    code: 'proxy-authentication-required',
    when: 'CONNECT is answered with 407',
    look: { evidence: connectAnswered(407, { authenticationSchemes: ['negotiate', 'ntlm'] }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway itself answers 407, which is no refusal of us',
      look: { evidence: evidence({ http: { status: 407 } }) },
      instead: null,
    },
  },
  {
    code: 'proxy-refused',
    when: 'CONNECT is answered with 403',
    look: { evidence: connectAnswered(403, { via: '1.1 squid' }) },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway behind it answers 403',
      look: {
        evidence: evidence({
          ...proxied,
          steps: throughProxy(steps()),
          proxy: { status: 200 },
          http: { status: 403 },
        }),
      },
      instead: 'gateway-forbids',
    },
  },
  {
    code: 'proxy-upstream-failed',
    when: 'CONNECT is answered with 502',
    look: { evidence: connectAnswered(502) },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway behind it answers 502',
      look: {
        evidence: evidence({
          ...proxied,
          steps: throughProxy(steps()),
          proxy: { status: 200 },
          http: { status: 502 },
        }),
      },
      instead: 'gateway-upstream-failed',
    },
  },
  {
    code: 'proxy-timeout',
    when: 'CONNECT is not answered',
    look: { evidence: viaProxy('proxy', 'TIMEOUT') },
    confidence: 'certain',
    nearMiss: {
      when: 'the proxy is not even connected to in time',
      look: { evidence: viaProxy('tcp', 'TIMEOUT') },
      instead: 'proxy-unreachable',
    },
  },
  {
    code: 'proxy-not-http',
    when: 'an SSH server listens at its address',
    look: {
      evidence: stoppedAt(
        'proxy',
        { error: { code: 'PROXY_NOT_HTTP' } },
        {
          ...proxied,
          proxy: { notHttp: { protocol: 'ssh', excerptHex: '5353482d', excerptText: 'SSH-2.0-x' } },
        },
      ),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'it speaks HTTP and refuses',
      look: { evidence: connectAnswered(405) },
      instead: 'proxy-refused',
    },
  },
  {
    code: 'proxy-closed-tunnel',
    when: 'the tunnel ends before a record came back',
    look: {
      evidence: brokeOff(closed, 'CLOSED', {
        ...proxied,
        proxy: { status: 200 },
        steps: throughProxy(steps('tls', { error: { code: 'CLOSED' } })),
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'there is no proxy',
      look: { evidence: brokeOff(closed) },
      instead: 'handshake-closed',
    },
  },
  {
    code: 'plaintext-service',
    when: 'HTTP in clear comes back',
    look: {
      evidence: brokeOff({
        notTls: http,
        ended: ended('fin'),
        progress: { ...untilHello, octetsReceived: 80 },
      }),
    },
    confidence: 'certain',
    nearMiss: {
      when: 'what comes back is no protocol at all',
      look: {
        evidence: brokeOff({ notTls: noise, progress: { ...untilHello, octetsReceived: 2 } }),
      },
      instead: 'malformed-tls',
    },
  },
  {
    code: 'malformed-tls',
    when: 'a record breaks the framing',
    look: {
      evidence: brokeOff({
        progress: { ...untilServerHello, malformed: true },
        ended: ended('fin'),
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the gateway closes cleanly after its ServerHello',
      look: { evidence: brokeOff({ progress: untilServerHello, ended: ended('fin') }) },
      instead: 'gateway-closed-mid-handshake',
    },
  },
  {
    code: 'malformed-tls',
    when: 'the handshake does not end',
    look: {
      evidence: brokeOff({ progress: untilServerHello, ended: ended('limit', 'us') }, 'LIMIT'),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the handshake stops',
      look: {
        evidence: brokeOff(
          { progress: untilServerHello, ended: ended('timeout', 'us') },
          'TIMEOUT',
        ),
      },
      instead: 'handshake-timeout',
    },
  },
  {
    code: 'record-corrupted',
    when: 'the gateway sends bad_record_mac after our flight',
    look: { evidence: refusedWith(20) },
    confidence: 'certain',
    nearMiss: {
      when: 'the gateway sends decrypt_error: our signature did not verify',
      look: { evidence: refusedWith(51) },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'handshake-reset',
    when: 'our ClientHello is answered with a reset',
    look: { evidence: brokeOff(reset, 'ECONNRESET') },
    confidence: 'likely',
    nearMiss: {
      when: 'the reset comes after our certificate flight',
      look: { evidence: leftAfterFlight('reset') },
      instead: 'gateway-refused-our-certificate',
    },
  },
  {
    code: 'handshake-closed',
    when: 'our ClientHello is answered with a close',
    look: { evidence: brokeOff(closed) },
    confidence: 'likely',
    nearMiss: {
      when: 'an alert says why',
      look: { evidence: refusedAtHello(112) },
      instead: 'server-name-unrecognized',
    },
  },
  {
    code: 'handshake-timeout',
    when: 'nothing comes after our ClientHello',
    look: { evidence: brokeOff({ ended: ended('timeout', 'us') }, 'TIMEOUT') },
    confidence: 'likely',
    nearMiss: {
      when: 'it ends with a reset in the end',
      look: { evidence: brokeOff(reset, 'ECONNRESET') },
      instead: 'handshake-reset',
    },
  },
  {
    code: 'gateway-closed-mid-handshake',
    when: 'the gateway leaves after its ServerHello',
    look: {
      evidence: brokeOff({ progress: untilServerHello, ended: ended('reset') }, 'ECONNRESET'),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'it leaves when the handshake is complete and no certificate was asked for',
      look: {
        evidence: leftAfterFlight('fin', {
          clientCertificateRequested: false,
          progress: untilOurFlight,
        }),
      },
      instead: 'http-no-answer',
    },
  },
  {
    code: 'handshake-reset',
    when: 'a warning about the server name does not hide a later reset of another kind',
    look: {
      evidence: brokeOff(reset, 'ECONNRESET', {
        alerts: [alertSeen(0, { level: 'warning', encrypted: false, afterFinished: false })],
      }),
    },
    confidence: 'likely',
    nearMiss: {
      when: 'the alert before the reset is fatal',
      look: {
        evidence: brokeOff(reset, 'ECONNRESET', {
          alerts: [alertSeen(70, { encrypted: false, afterFinished: false })],
        }),
      },
      instead: 'protocol-version-unsupported',
    },
  },
];
