/** HAProxy. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverAlpn, serverSuites } from './fault.ts';
import { type Listener, listeners, type Stack, startProcess } from './stack.ts';

const limits: Readonly<Record<Listener, string>> = {
  both: 'ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.3',
  tls12: 'ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.2',
  tls13: 'ssl-min-ver TLSv1.3 ssl-max-ver TLSv1.3',
  named: 'ssl-min-ver TLSv1.2 ssl-max-ver TLSv1.3',
};

export const haproxyStack: Stack = {
  name: 'haproxy',
  version: () => /version (\S+)/.exec(execFileSync('haproxy', ['-v']).toString())?.[1] ?? '',
  cannot: { 'alpn-mismatch': 'it goes on without a protocol when none is shared' },
  start: (materials, ports, directory) => {
    const path = join(directory, 'haproxy.cfg');
    const { serverPairPath, clientCasPath, crlPath } = materials;
    const binds = listeners.map((listener) =>
      [
        ` bind 127.0.0.1:${ports[listener]} ssl crt ${serverPairPath} strict-sni alpn ${serverAlpn}`,
        `ca-file ${clientCasPath} crl-file ${crlPath} verify required`,
        `ciphers ${serverSuites.tls12.join(':')} ciphersuites ${serverSuites.tls13.join(':')}`,
        limits[listener],
      ].join(' '),
    );
    const lines = [
      'global',
      ' maxconn 64',
      'defaults',
      ' mode http',
      ' timeout client 5s',
      ' timeout server 5s',
      ' timeout connect 5s',
      'frontend gateway',
      ...binds,
      ' http-request return status 200 content-type text/plain string ok',
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    return [startProcess('haproxy', ['-db', '-f', path], directory)];
  },
};
