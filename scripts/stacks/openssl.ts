/** `openssl s_server`. */
import { execFileSync } from 'node:child_process';
import { serverAlpn, serverName, serverSuites } from './fault.ts';
import type { Materials } from './materials.ts';
import { type Listener, listeners, type Stack, startProcess } from './stack.ts';

const only: Readonly<Record<Listener, readonly string[]>> = {
  both: [],
  tls12: ['-tls1_2'],
  tls13: ['-tls1_3'],
  named: [],
};

export const opensslStack: Stack = {
  name: 'openssl',
  version: () => execFileSync('openssl', ['version']).toString().split(' ')[1] ?? '',
  cannot: {},
  start: (materials, ports, directory) =>
    listeners.map((listener) =>
      startProcess(
        'openssl',
        [
          ...['s_server', '-accept', `127.0.0.1:${ports[listener]}`, '-www', ...only[listener]],
          ...['-cert', materials.serverCertPath, '-key', materials.serverKeyPath],
          ...['-cert_chain', materials.serverExtrasPath],
          ...(listener === 'named' ? strictName(materials) : []),
          ...['-alpn', serverAlpn],
          ...['-Verify', '3', '-verify_return_error', '-CAfile', materials.clientCasPath],
          ...['-CRL', materials.crlPath, '-crl_check'],
          ...['-cipher', serverSuites.tls12.join(':')],
          ...['-ciphersuites', serverSuites.tls13.join(':')],
        ],
        directory,
      ),
    ),
};

/** It judges the name only when it has a second certificate to choose, which it then sends without a chain. */
const strictName = ({ serverCertPath, serverKeyPath }: Materials): readonly string[] => [
  ...['-cert2', serverCertPath, '-key2', serverKeyPath],
  ...['-servername', serverName, '-servername_fatal'],
];
