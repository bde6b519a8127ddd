/** Answers that are no acceptance, from gateways whose TLS is in order. */
import type { OutgoingHttpHeaders } from 'node:http';
import { WebSocketServer } from 'ws';
import type { Expected, Fault } from '../fault.ts';
import { startHaproxy, startNginx } from '../servers/gateways.ts';
import { type NodeGateway, startNode } from '../servers/node-gateway.ts';

function answered(
  name: string,
  expected: Partial<Expected> & Pick<Expected, 'code'>,
  gateway: NodeGateway,
  path = '/',
): Fault {
  return {
    group: 'http',
    name,
    expected: { side: 'gateway', ...expected },
    stage: async (stage) => ({ path, port: (await startNode(stage, gateway)).port }),
  };
}

const status = (code: number, headers: OutgoingHttpHeaders = {}, body = ''): NodeGateway => ({
  answer: (_request, response) => response.writeHead(code, headers).end(body),
});

const plain: readonly Fault[] = [
  answered('401', { code: 'account-or-token-refused' }, status(401)),
  answered(
    'the manager does not know our authority',
    { code: 'account-or-token-refused', certain: true },
    status(403, { 'content-type': 'application/json' }, '{"code":"INVALID_AGENT_MTLS_AUTHORITY"}'),
  ),
  {
    group: 'http',
    name: 'HAProxy answers 403 to clients with a certificate, and takes no others',
    expected: { code: 'gateway-forbids', side: 'gateway' },
    stage: (stage) => startHaproxy(stage, { answer: ['http-request deny deny_status 403'] }),
  },
  {
    group: 'http',
    name: 'HAProxy answers 403 to everybody, certificate or not',
    expected: { code: 'gateway-refuses-every-client', side: 'gateway' },
    stage: (stage) =>
      startHaproxy(stage, {
        clientCa: null,
        more: [
          `ca-file ${stage.authorities.delegate.certPath}`,
          'verify optional crt-ignore-err all ca-ignore-err all',
        ],
        answer: ['http-request deny deny_status 403'],
      }),
  },
  answered(
    '403, and no certificate was ever requested',
    { code: 'client-certificate-not-requested', side: 'delegate' },
    { ...status(403), clientCa: null },
  ),
  {
    group: 'http',
    name: 'nginx ends TLS and passes the request on in clear to a port for TLS',
    expected: { code: 'backend-expects-tls', side: 'gateway', certain: true },
    stage: async (stage) => {
      const { port } = await startNginx(stage, { clientCa: null });
      const answer = [`proxy_pass http://127.0.0.1:${port};`];
      return startNginx(stage, { answer, clientCa: null });
    },
  },
  {
    group: 'http',
    name: 'HAProxy answers 403 to certificates that it does not know, and to none',
    expected: { code: 'client-issuer-not-accepted', side: 'delegate', decidable: false },
    stage: (stage) =>
      startHaproxy(stage, {
        clientCa: null,
        more: [
          `ca-file ${stage.authorities.wrong.certPath}`,
          'verify optional crt-ignore-err all ca-ignore-err all',
        ],
        answer: [
          'http-request deny deny_status 403 if !{ ssl_c_used }',
          'http-request deny deny_status 403 unless { ssl_c_verify 0 }',
          'http-request return status 200',
        ],
      }),
  },
  answered('421', { code: 'misdirected-request', certain: true }, status(421)),
  answered('429', { code: 'gateway-overloaded', certain: true }, status(429)),
  answered(
    '503 with Retry-After',
    { code: 'gateway-overloaded' },
    status(503, { 'retry-after': '30' }),
  ),
  {
    group: 'http',
    name: 'HAProxy has no backend',
    expected: { code: 'gateway-upstream-failed', side: 'gateway' },
    stage: (stage) => startHaproxy(stage, { answer: ['default_backend none', 'backend none'] }),
  },
  {
    group: 'http',
    name: 'nginx does not reach its backend',
    expected: { code: 'gateway-upstream-failed', side: 'gateway', certain: true },
    stage: async (stage) =>
      startNginx(stage, { answer: [`proxy_pass http://127.0.0.1:${await stage.port()};`] }),
  },
  answered('504', { code: 'gateway-upstream-failed', certain: true }, status(504)),
  answered('500', { code: 'gateway-internal-error' }, status(500)),
  answered(
    'a redirect to another host',
    { code: 'unexpected-redirect' },
    status(302, { location: 'https://login.example/start' }),
  ),
  answered(
    'it ends the connection in place of an answer',
    { code: 'http-no-answer', side: 'network' },
    { answer: ({ socket }) => void setTimeout(() => socket.destroy(), 50) },
  ),
  answered(
    'it takes the request and says nothing',
    { code: 'http-no-answer', side: 'network' },
    { answer: () => {} },
  ),
];

const websocketStub = (accept: (server: WebSocketServer) => void): NodeGateway => {
  const sockets = new WebSocketServer({ noServer: true });
  accept(sockets);
  return {
    upgrade: (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client)),
  };
};

function upgraded(
  name: string,
  expected: Partial<Expected> & Pick<Expected, 'code'>,
  gateway: () => NodeGateway,
): Fault {
  return {
    group: 'websocket',
    name,
    expected: { side: 'network', ...expected },
    stage: async (stage) => ({
      port: (await startNode(stage, gateway())).port,
      args: ['--websocket', '/stream'],
    }),
  };
}

const websocket: readonly Fault[] = [
  upgraded(
    'the upgrade is answered like a request',
    { code: 'websocket-upgrade-refused' },
    () => ({}),
  ),
  upgraded('the upgrade is answered with 400', { code: 'websocket-upgrade-refused' }, () => ({
    upgrade: (_request, socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  })),
  upgraded('it is closed with a policy code', { code: 'websocket-closed', certain: true }, () =>
    websocketStub((sockets) => sockets.on('connection', (client) => client.close(1008, 'policy'))),
  ),
  upgraded(
    'it is closed with a code of the application',
    { code: 'websocket-closed', certain: true },
    () =>
      websocketStub((sockets) => sockets.on('connection', (client) => client.close(4401, 'no'))),
  ),
  upgraded('it ends without a close frame', { code: 'websocket-closed' }, () =>
    websocketStub((sockets) => sockets.on('connection', (client) => client.terminate())),
  ),
  upgraded('the upgrade is forbidden', { code: 'gateway-forbids', side: 'gateway' }, () => ({
    upgrade: (_request, socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
  })),
  {
    group: 'websocket',
    name: 'wss: nobody upgrades',
    expected: { code: 'websocket-upgrade-refused', side: 'network' },
    stage: async (stage) => ({
      scheme: 'wss',
      path: '/stream',
      port: (await startNginx(stage)).port,
    }),
  },
];

export const http: readonly Fault[] = [...plain, ...websocket];
