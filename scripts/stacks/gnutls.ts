/** GnuTLS's own server. */
import { execFileSync } from 'node:child_process';
import { serverAlpn, serverName } from './fault.ts';
import { type Listener, listeners, type Stack, startProcess } from './stack.ts';

const versionsOf: Readonly<Record<Listener, string>> = {
  both: '+VERS-TLS1.2:+VERS-TLS1.3',
  tls12: '+VERS-TLS1.2',
  tls13: '+VERS-TLS1.3',
  named: '+VERS-TLS1.2:+VERS-TLS1.3',
};

const suites = '-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM';

export const gnutlsStack: Stack = {
  name: 'gnutls',
  version: () =>
    /\d+\.\d+\.\d+/.exec(execFileSync('gnutls-serv', ['--version']).toString())?.[0] ?? '',
  cannot: { 'wrong-purpose': 'it does not look at the purpose of a client certificate' },
  start: (materials, ports, directory) =>
    listeners.map((listener) =>
      startProcess(
        'gnutls-serv',
        [
          ...['--quiet', '--http', `--port=${ports[listener]}`],
          `--priority=NORMAL:-VERS-ALL:${versionsOf[listener]}:${suites}`,
          `--x509certfile=${materials.serverChainPath}`,
          `--x509keyfile=${materials.serverKeyPath}`,
          `--x509cafile=${materials.clientCasPath}`,
          `--x509crlfile=${materials.crlPath}`,
          ...['--require-client-cert', '--verify-client-cert'],
          ...[`--sni-hostname=${serverName}`, '--sni-hostname-fatal'],
          ...[`--alpn=${serverAlpn}`, '--alpn-fatal'],
        ],
        directory,
      ),
    ),
};
