/** Gateways whose TLS stacks are not ours, each with the same good defaults and what a fault changes in them. */
import { join } from 'node:path';
import type { Issued } from '../../support/openssl.ts';
import type { Stage } from '../stage.ts';
import { type Server, startChild } from './child.ts';

export interface Gateway {
  /** Default: a fresh one. */
  readonly port?: number;
  readonly server?: Issued;
  /** PEM file of what is sent behind the server's own certificate. */
  readonly chainPath?: string;
  /** Who may sign clients, and is named in CertificateRequest. Null: no certificate is requested. */
  readonly clientCa?: Issued | null;
  readonly version?: '1.2' | '1.3';
  /** Clients are held against the revocation list. */
  readonly revokes?: boolean;
  /** More arguments of s_server or gnutls-serv; more lines of nginx's server; more words of HAProxy's bind. */
  readonly more?: readonly string[];
  /** Lines of HAProxy's frontend, or of nginx's location, in place of an answer 200. */
  readonly answer?: readonly string[];
}

export type StartGateway = (stage: Stage, gateway?: Gateway) => Promise<Server>;

interface Settled extends Gateway {
  readonly port: number;
  readonly server: Issued;
  readonly clientCa: Issued | null;
}

async function settle(stage: Stage, gateway: Gateway): Promise<Settled> {
  return {
    server: stage.servers.good,
    clientCa: stage.authorities.delegate,
    ...gateway,
    port: gateway.port ?? (await stage.port()),
  };
}

export const startOpenssl: StartGateway = async (stage, gateway = {}) => {
  const settled = await settle(stage, gateway);
  const { port, server, clientCa, chainPath, version, revokes, more = [] } = settled;
  return startChild(
    stage,
    'openssl',
    [
      ...['s_server', '-accept', `127.0.0.1:${port}`, '-www'],
      ...['-cert', server.certPath, '-key', server.keyPath],
      ...(chainPath ? ['-cert_chain', chainPath] : []),
      ...(version ? [version === '1.2' ? '-tls1_2' : '-tls1_3'] : []),
      ...(clientCa
        ? ['-Verify', '3', '-verify_return_error', '-CAfile', clientCa.certPath]
        : ['-no-CAfile', '-no-CApath', '-no-CAstore']),
      ...(revokes ? ['-CRL', stage.crlPath, '-crl_check'] : []),
      ...more,
    ],
    port,
  );
};

export const startGnutls: StartGateway = async (stage, gateway = {}) => {
  const settled = await settle(stage, gateway);
  const { port, server, clientCa, version, revokes, more = [] } = settled;
  const versions = version
    ? [`--priority=NORMAL:-VERS-ALL:+VERS-TLS${version}`]
    : ['--priority=NORMAL'];
  return startChild(
    stage,
    'gnutls-serv',
    [
      ...['--quiet', '--http', `--port=${port}`, ...versions],
      ...[`--x509certfile=${server.certPath}`, `--x509keyfile=${server.keyPath}`],
      ...(clientCa
        ? [`--x509cafile=${clientCa.certPath}`, '--require-client-cert', '--verify-client-cert']
        : ['--disable-client-cert']),
      ...(revokes ? [`--x509crlfile=${stage.crlPath}`] : []),
      ...more,
    ],
    port,
  );
};

export const startNginx: StartGateway = async (stage, gateway = {}) => {
  const settled = await settle(stage, gateway);
  const { port, server, clientCa, version, revokes, more = [] } = settled;
  const { answer = ['return 200 "ok";'] } = settled;
  const at = (name: string) => join(stage.directory, name);
  const path = stage.write(
    `nginx-${port}.conf`,
    [
      `daemon off; master_process off; error_log stderr; pid ${at('nginx.pid')};`,
      'events { worker_connections 64; }',
      'http { access_log off;',
      ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (what) => `${what}_temp_path ${at(what)};`,
      ),
      `server { listen 127.0.0.1:${port} ssl; server_name localhost;`,
      `ssl_protocols ${version ? `TLSv${version}` : 'TLSv1.2 TLSv1.3'};`,
      `ssl_certificate ${server.certPath}; ssl_certificate_key ${server.keyPath};`,
      ...(clientCa
        ? [`ssl_verify_client on; ssl_verify_depth 3; ssl_client_certificate ${clientCa.certPath};`]
        : []),
      ...(revokes ? [`ssl_crl ${stage.crlPath};`] : []),
      ...more,
      'location / {',
      ...answer,
      '} } }',
    ].join('\n'),
  );
  const args = ['-c', path, '-p', stage.directory, '-e', 'stderr'];
  return startChild(stage, 'nginx', args, port);
};

export const startHaproxy: StartGateway = async (stage, gateway = {}) => {
  const settled = await settle(stage, gateway);
  const { port, server, clientCa, version, revokes, more = [], answer } = settled;
  const pair = stage.write(`haproxy-${port}.pem`, server.cert + server.key);
  const bind = [
    `bind 127.0.0.1:${port} ssl crt ${pair} alpn http/1.1`,
    ...(clientCa ? [`ca-file ${clientCa.certPath} verify required`] : []),
    ...(revokes ? [`crl-file ${stage.crlPath}`] : []),
    ...(version ? [`ssl-min-ver TLSv${version} ssl-max-ver TLSv${version}`] : []),
    ...more,
  ];
  const timeouts = ['client', 'server', 'connect'].map((what) => ` timeout ${what} 5s`);
  const path = stage.write(
    `haproxy-${port}.cfg`,
    [
      ...['global', ' maxconn 64', 'defaults', ' mode http', ...timeouts, 'frontend gateway'],
      ` ${bind.join(' ')}`,
      ...(answer ?? ['http-request return status 200 content-type text/plain string ok']).map(
        (line) => ` ${line}`,
      ),
      '',
    ].join('\n'),
  );
  return startChild(stage, 'haproxy', ['-db', '-f', path], port);
};
