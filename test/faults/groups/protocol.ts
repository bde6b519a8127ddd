/** Handshakes that fail over what is negotiated: versions, suites, groups, signatures, protocols, names. */
import { getDiffieHellman } from 'node:crypto';
import { toPem } from '../../../src/x509/pem.ts';
import { sequence, tlv } from '../../support/der-writer.ts';
import type { Expected, Fault, Scene } from '../fault.ts';
import {
  type Gateway,
  startGnutls,
  startHaproxy,
  startNginx,
  startOpenssl,
} from '../servers/gateways.ts';
import { fatalAlert, lateCertificateRequest, startLate } from '../servers/late-gateway.ts';
import { startNode } from '../servers/node-gateway.ts';
import { onHello, startMiddlebox, startPeer } from '../servers/peers.ts';
import type { Stage } from '../stage.ts';

function negotiated(
  name: string,
  expected: Partial<Expected> & Pick<Expected, 'code'>,
  args: readonly string[],
  stage: (stage: Stage) => Promise<Partial<Scene> & { readonly port: number }>,
): Fault {
  return {
    group: 'protocol',
    name,
    expected: { side: 'gateway', ...expected },
    stage: async (here) => {
      const { port, ...scene } = await stage(here);
      return { args, ...scene, port };
    },
  };
}

const fromOpenssl =
  (gateway: Gateway) =>
  (stage: Stage): ReturnType<typeof startOpenssl> =>
    startOpenssl(stage, gateway);

/** The second Oakley group (RFC 2409 section 6.2), whose prime has 1024 bits. */
function diffieHellmanParameters(): Uint8Array {
  const prime = getDiffieHellman('modp2').getPrime();
  return sequence(tlv(0x02, Buffer.of(0), prime), tlv(0x02, Buffer.of(2)));
}

/** The octets, which begin with a ServerHello of TLS 1.2, without its renegotiation_info (RFC 5746). */
function withoutRenegotiationInfo(octets: Buffer): Buffer {
  if (octets[0] !== 22 || octets[5] !== 2) return octets;
  const at = octets.indexOf(Buffer.of(0xff, 0x01, 0x00, 0x01, 0x00));
  // Record header, handshake header, version, random; session id, suite and compression; then the extensions.
  const extensions = 43 + (octets[43] ?? 0) + 4;
  if (at < extensions) return octets;
  const shorter = Buffer.concat([octets.subarray(0, at), octets.subarray(at + 5)]);
  for (const length of [3, 7, extensions]) {
    shorter.writeUInt16BE(shorter.readUInt16BE(length) - 5, length);
  }
  return shorter;
}

/** An alert in clear, in answer to every ClientHello. */
const alertAtOnce = (code: number) => (stage: Stage) =>
  startPeer(
    stage,
    onHello((socket) => void socket.end(Buffer.of(21, 3, 3, 0, 2, 2, code))),
  );

const version = { code: 'protocol-version-unsupported', certain: true } as const;
const suites = { code: 'no-shared-cipher-suite' } as const;
const groups = { code: 'no-shared-group' } as const;

export const protocol: readonly Fault[] = [
  negotiated(
    's_server takes TLS 1.2, we want 1.3',
    version,
    ['--tls-min', '1.3'],
    fromOpenssl({ version: '1.2' }),
  ),
  negotiated(
    's_server takes TLS 1.3, we want 1.2',
    version,
    ['--tls-max', '1.2'],
    fromOpenssl({ version: '1.3' }),
  ),
  negotiated('nginx takes TLS 1.3, we want 1.2', version, ['--tls-max', '1.2'], (stage) =>
    startNginx(stage, { version: '1.3' }),
  ),
  negotiated(
    'GnuTLS takes TLS 1.2, we want 1.3',
    { code: version.code },
    ['--tls-min', '1.3'],
    (stage) => startGnutls(stage, { version: '1.2' }),
  ),
  negotiated(
    's_server takes TLS 1.1 at most',
    version,
    [],
    fromOpenssl({ more: ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'] }),
  ),
  negotiated(
    'the suites of TLS 1.2 differ',
    suites,
    ['--tls-max', '1.2', '--ciphers', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
    fromOpenssl({ more: ['-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256'] }),
  ),
  negotiated(
    'the suites of TLS 1.3 differ',
    suites,
    ['--tls-min', '1.3', '--ciphers', 'TLS_CHACHA20_POLY1305_SHA256'],
    fromOpenssl({ more: ['-ciphersuites', 'TLS_AES_128_GCM_SHA256'] }),
  ),
  negotiated(
    'our suites are for ECDSA and the certificate is RSA',
    suites,
    ['--tls-max', '1.2', '--ciphers', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    (stage) => startHaproxy(stage, { server: stage.servers.rsa }),
  ),
  negotiated(
    'the groups of TLS 1.3 differ',
    groups,
    ['--tls-min', '1.3', '--groups', 'X25519'],
    fromOpenssl({ more: ['-groups', 'P-384'] }),
  ),
  negotiated(
    'the groups of TLS 1.2 differ',
    groups,
    ['--tls-max', '1.2', '--groups', 'X25519'],
    fromOpenssl({ more: ['-groups', 'P-384'] }),
  ),
  negotiated(
    'the signature algorithms differ',
    { code: 'no-shared-signature-algorithm' },
    ['--tls-min', '1.3', '--signature-algorithms', 'RSA-PSS+SHA256'],
    fromOpenssl({}),
  ),
  negotiated(
    'ALPN differs',
    { code: 'alpn-mismatch', certain: true },
    ['--alpn', 'http/1.1'],
    fromOpenssl({ more: ['-alpn', 'h2'] }),
  ),
  negotiated('ALPN differs, Node', { code: 'alpn-mismatch', certain: true }, [], (stage) =>
    startNode(stage, { options: { ALPNProtocols: ['h2'] } }),
  ),
  negotiated(
    's_server does not know the name',
    { code: 'server-name-unrecognized', certain: true },
    ['--server-name', 'elsewhere.example'],
    async (stage) => {
      const { certPath, keyPath } = stage.servers.good;
      const named = ['-cert2', certPath, '-key2', keyPath, '-servername', 'localhost'];
      return startOpenssl(stage, { more: [...named, '-servername_fatal'] });
    },
  ),
  negotiated(
    'nginx rejects the handshake for other names',
    { code: 'server-name-unrecognized', certain: true },
    [],
    (stage) => startNginx(stage, { more: ['ssl_reject_handshake on;'] }),
  ),
  negotiated(
    'HAProxy knows no such name',
    { code: 'server-name-unrecognized', decidable: false },
    ['--server-name', 'elsewhere.example'],
    (stage) => startHaproxy(stage, { more: ['strict-sni'] }),
  ),
  negotiated('internal_error at once', { code: 'gateway-internal-error' }, [], alertAtOnce(80)),
  negotiated(
    'internal_error after our certificate',
    { code: 'gateway-internal-error' },
    [],
    (stage) => startLate(stage, { judge: ({ authorized }) => fatalAlert(authorized ? 80 : 116) }),
  ),
  negotiated(
    'a gateway without a certificate refuses everybody',
    { code: 'gateway-handshake-refused' },
    [],
    (stage) => startNode(stage, { options: { cert: '', key: '' } }),
  ),
  negotiated(
    'handshake_failure for everybody',
    { code: 'gateway-handshake-refused' },
    [],
    alertAtOnce(40),
  ),
  negotiated('access_denied at once', { code: 'gateway-handshake-refused' }, [], alertAtOnce(49)),
  negotiated(
    'the group that we offer is uncommon',
    groups,
    ['--tls-min', '1.3', '--groups', 'P-521'],
    fromOpenssl({ more: ['-groups', 'X25519:P-256'] }),
  ),
  negotiated(
    'nginx serves by name, and we send none',
    { code: 'server-name-not-sent', side: 'delegate', certain: true },
    [],
    async (stage) => ({
      ...(await startNginx(stage, { more: ['ssl_reject_handshake on;'] })),
      host: '127.0.0.1',
    }),
  ),
  negotiated(
    'the Diffie-Hellman prime has 1024 bits',
    { code: 'server-key-exchange-weak', certain: true },
    [],
    async (stage) => {
      const dhparam = stage.write('dh.pem', toPem('DH PARAMETERS', diffieHellmanParameters()));
      const cipher = 'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0';
      const more = ['-dhparam', dhparam, '-cipher', cipher];
      return startOpenssl(stage, { server: stage.servers.rsa, version: '1.2', more });
    },
  ),
  negotiated(
    'the ServerHello knows nothing of secure renegotiation',
    { code: 'secure-renegotiation-unsupported', certain: true },
    [],
    async (stage) => {
      const { port } = await startHaproxy(stage, { version: '1.2' });
      return startMiddlebox(stage, port, () => ({ toClient: withoutRenegotiationInfo }));
    },
  ),
  negotiated(
    'ALPN chooses h2, which we offered',
    { code: 'alpn-not-http', side: 'delegate', certain: true },
    ['--alpn', 'h2,http/1.1'],
    fromOpenssl({ more: ['-alpn', 'h2'] }),
  ),
  negotiated(
    'a CertificateRequest comes after the handshake',
    { code: 'post-handshake-authentication-required', certain: true },
    [],
    (stage) => startLate(stage, { clientCa: null, judge: () => lateCertificateRequest }),
  ),
  {
    group: 'protocol',
    name: 'a version that nobody offered is chosen by a downgrading box',
    expected: { code: 'protocol-version-unsupported', side: 'gateway', decidable: false },
    stage: async (stage) => {
      const { port } = await startOpenssl(stage, { more: ['-tls1_2'] });
      return startMiddlebox(stage, port, () => ({
        toClient: (octets) => {
          // ServerHello's legacy_version: record header, handshake header, two octets.
          if (octets[0] === 22 && octets[5] === 2) octets.writeUInt16BE(0x0301, 9);
          return octets;
        },
      }));
    },
  },
];
