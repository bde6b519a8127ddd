/** nginx, which completes the handshake with whoever comes and refuses over HTTP. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverName, serverSuites } from './fault.ts';
import type { Materials } from './materials.ts';
import { type Listener, listeners, type Stack, startProcess } from './stack.ts';

const protocols: Readonly<Record<Listener, string>> = {
  both: 'TLSv1.2 TLSv1.3',
  tls12: 'TLSv1.2',
  tls13: 'TLSv1.3',
  named: 'TLSv1.2 TLSv1.3',
};

export const nginxStack: Stack = {
  name: 'nginx',
  version: () => /nginx\/(\S+)/.exec(spawnSync('nginx', ['-v']).stderr.toString())?.[1] ?? '',
  cannot: {},
  start: (materials, ports, directory) => {
    const path = join(directory, 'nginx.conf');
    const servers = listeners.map((listener) => server(materials, ports[listener], listener));
    writeFileSync(path, configuration(directory, servers));
    return [startProcess('nginx', ['-c', path, '-p', directory, '-e', 'stderr'], directory)];
  },
};

function configuration(directory: string, servers: readonly string[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${directory}/${what};`,
  );
  return [
    'daemon off; master_process off; error_log stderr;',
    `pid ${directory}/nginx.pid;`,
    'events { worker_connections 64; }',
    'http { access_log off;',
    ...temporary,
    ...servers,
    '}',
  ].join('\n');
}

function server(materials: Materials, port: number, listener: Listener): string {
  const { serverChainPath, serverKeyPath, clientCasPath, crlPath } = materials;
  const common = [
    `ssl_protocols ${protocols[listener]};`,
    `ssl_certificate ${serverChainPath}; ssl_certificate_key ${serverKeyPath};`,
    `ssl_verify_client on; ssl_verify_depth 3; ssl_client_certificate ${clientCasPath};`,
    `ssl_crl ${crlPath};`,
    `ssl_ciphers ${serverSuites.tls12.join(':')};`,
    `ssl_conf_command Ciphersuites ${serverSuites.tls13.join(':')};`,
  ].join(' ');
  return [
    `server { listen 127.0.0.1:${port} ssl default_server; ${common} ssl_reject_handshake on; }`,
    `server { listen 127.0.0.1:${port} ssl; server_name ${serverName}; ${common} return 200 "ok"; }`,
  ].join('\n');
}
