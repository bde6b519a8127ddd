/** Apache httpd with mod_ssl. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverAlpn, serverName, serverSuites } from './fault.ts';
import type { Materials } from './materials.ts';
import { type Listener, listeners, type Stack, startProcess } from './stack.ts';

const protocols: Readonly<Record<Listener, string>> = {
  both: '-all +TLSv1.2 +TLSv1.3',
  tls12: '-all +TLSv1.2',
  tls13: '-all +TLSv1.3',
  named: '-all +TLSv1.2 +TLSv1.3',
};

const modules = ['mpm_event', 'authz_core', 'ssl', 'socache_shmcb'];

export const apacheStack: Stack = {
  name: 'apache',
  version: () => /Apache\/(\S+)/.exec(execFileSync('apache2', ['-v']).toString())?.[1] ?? '',
  cannot: { 'unknown-name': 'an unknown name gets the first host there is' },
  start: (materials, ports, directory) => {
    const path = join(directory, 'httpd.conf');
    const pages = join(directory, 'pages');
    mkdirSync(pages);
    // Its children, who are nobody, must be able to reach the page.
    for (const above of [materials.directory, directory]) chmodSync(above, 0o711);
    writeFileSync(join(pages, 'index.html'), 'ok');
    const lines = [
      `ServerRoot "${directory}"`,
      ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
      `PidFile "${directory}/httpd.pid"`,
      `ErrorLog "${directory}/error.log"`,
      `ServerName ${serverName}`,
      `DefaultRuntimeDir "${directory}"`,
      ...['SSLSessionCache none', `Protocols ${serverAlpn}`],
      ...['User #65534', 'Group #65534'],
      `<Directory "${pages}">`,
      ' Require all granted',
      '</Directory>',
      ...listeners.flatMap((listener) => host(materials, ports[listener], listener, pages)),
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    return [startProcess('apache2', ['-f', path, '-D', 'FOREGROUND'], directory)];
  },
};

function host(
  materials: Materials,
  port: number,
  listener: Listener,
  pages: string,
): readonly string[] {
  return [
    `Listen 127.0.0.1:${port} https`,
    `<VirtualHost 127.0.0.1:${port}>`,
    ` ServerName ${serverName}`,
    ` DocumentRoot "${pages}"`,
    ' SSLEngine on',
    ` SSLProtocol ${protocols[listener]}`,
    ` SSLCertificateFile "${materials.serverChainPath}"`,
    ` SSLCertificateKeyFile "${materials.serverKeyPath}"`,
    ` SSLCACertificateFile "${materials.clientCasPath}"`,
    ` SSLCARevocationFile "${materials.crlPath}"`,
    ' SSLCARevocationCheck leaf',
    ' SSLVerifyClient require',
    ' SSLVerifyDepth 3',
    ` SSLCipherSuite ${serverSuites.tls12.join(':')}`,
    ` SSLCipherSuite TLSv1.3 ${serverSuites.tls13.join(':')}`,
    '</VirtualHost>',
  ];
}
