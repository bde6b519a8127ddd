/** What the gateway changed after it had accepted us: attributed to it, with what changed, within one look. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import type { Expected, Fault, Scene } from '../fault.ts';
import { chained } from '../materials.ts';
import {
  type Gateway,
  type StartGateway,
  startHaproxy,
  startNginx,
  startOpenssl,
} from '../servers/gateways.ts';
import { type NodeGateway, startNode } from '../servers/node-gateway.ts';
import { onHello, startMiddlebox, startPeer } from '../servers/peers.ts';
import type { Stage } from '../stage.ts';

interface Changed {
  readonly name: string;
  readonly expected: Partial<Expected> & Pick<Expected, 'code'>;
  readonly stage: (
    stage: Stage,
  ) => Promise<Partial<Scene> & Required<Pick<Scene, 'port' | 'change'>>>;
}

/** The gateway ends and comes back on the same port as something else. */
const restarted =
  (start: StartGateway, after: (stage: Stage) => Gateway, before: Gateway = {}): Changed['stage'] =>
  async (stage) => {
    const { port, stop } = await start(stage, before);
    return {
      port,
      change: async () => {
        await stop();
        await start(stage, { ...after(stage), port });
      },
    };
  };

/** Each argument of a gateway that Node plays, before and after. */
const replayed =
  (before: NodeGateway, after: (stage: Stage) => NodeGateway): Changed['stage'] =>
  async (stage) => {
    const { port, stop } = await startNode(stage, before);
    return {
      port,
      change: async () => {
        await stop();
        await startNode(stage, { ...after(stage), port });
      },
    };
  };

const wrongCa = ({ authorities }: Stage): Gateway => ({ clientCa: authorities.wrong });
const authorities = { changes: ['tls.certificateAuthorities'] } as const;
const requested = { changes: ['tls.clientCertificateRequested'] } as const;
const leaf = { changes: ['tls.serverCertificates[0].sha256'] } as const;

const forbids: NodeGateway = {
  answer: (_request, response) => response.writeHead(403).end(),
};

const websocket: NodeGateway = {
  upgrade: (request, socket, head) =>
    new WebSocketServer({ noServer: true }).handleUpgrade(request, socket, head, () => {}),
};

const refusingUpgrade: NodeGateway = {
  upgrade: (_request, socket) =>
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
};

const changed: readonly Changed[] = [
  {
    name: 'the incident: s_server trusts another client CA',
    expected: { code: 'gateway-client-ca-changed', certain: true, ...authorities },
    stage: restarted(startOpenssl, wrongCa),
  },
  {
    name: 'the incident: s_server trusts another client CA, TLS 1.2',
    expected: { code: 'gateway-client-ca-changed', certain: true, ...authorities },
    stage: restarted(startOpenssl, (stage) => ({ ...wrongCa(stage), version: '1.2' }), {
      version: '1.2',
    }),
  },
  {
    name: 'the incident: HAProxy trusts another client CA',
    expected: { code: 'gateway-client-ca-changed', certain: true, ...authorities },
    stage: restarted(startHaproxy, wrongCa),
  },
  {
    name: 'the incident: nginx trusts another client CA',
    expected: { code: 'gateway-client-ca-changed', ...authorities },
    stage: restarted(startNginx, wrongCa),
  },
  {
    name: 'the incident: Node trusts another client CA and closes without a word',
    expected: { code: 'gateway-client-ca-changed', ...authorities },
    stage: replayed({}, ({ authorities: { wrong } }) => ({ clientCa: wrong })),
  },
  {
    name: 'the client CA has a new key under its old name',
    expected: { code: 'gateway-client-ca-changed' },
    stage: restarted(startOpenssl, ({ authorities: { namesake } }) => ({ clientCa: namesake })),
  },
  {
    name: 'the incident: no certificate is requested any more, and the answer is 403',
    expected: {
      code: 'gateway-stopped-requesting-client-certificate',
      certain: true,
      ...requested,
    },
    stage: replayed({}, () => ({ ...forbids, clientCa: null })),
  },
  {
    name: 'nginx no longer requests certificates, and its application answers 401',
    expected: {
      code: 'gateway-stopped-requesting-client-certificate',
      certain: true,
      ...requested,
    },
    stage: restarted(startNginx, () => ({ clientCa: null, answer: ['return 401;'] })),
  },
  {
    name: 'the incident: every ClientHello is reset',
    expected: { code: 'gateway-handshake-refused', changed: true },
    stage: async (stage) => {
      const { port, stop } = await startOpenssl(stage);
      return {
        port,
        change: async () => {
          await stop();
          await startPeer(
            stage,
            onHello((socket) => void socket.resetAndDestroy()),
            { port },
          );
        },
      };
    },
  },
  {
    name: 'the incident: its default certificate is presented',
    expected: { code: 'gateway-default-certificate', ...leaf },
    stage: restarted(startNginx, ({ servers }) => ({ server: servers.ingressDefault })),
  },
  {
    name: 'the certificate of another name is presented',
    expected: { code: 'gateway-default-certificate', ...leaf },
    stage: restarted(startHaproxy, ({ servers }) => ({ server: servers.otherName })),
  },
  {
    name: 'nobody listens any more',
    expected: { code: 'gateway-not-listening' },
    stage: async (stage) => {
      const { port, stop } = await startNginx(stage);
      return { port, change: stop };
    },
  },
  {
    name: 'every client gets 403, with a certificate or without',
    expected: { code: 'gateway-refuses-every-client', changes: ['http.status'] },
    stage: replayed({}, () => ({ ...forbids, strict: false })),
  },
  {
    name: 'the path of the WebSocket is gone',
    expected: { code: 'wrong-backend', changes: ['websocket.status'] },
    stage: async (stage) => ({
      ...(await replayed(websocket, () => refusingUpgrade)(stage)),
      scheme: 'wss',
      path: '/stream',
    }),
  },
  {
    name: 'a page of a portal answers in clear where TLS was spoken',
    expected: { code: 'captive-portal', side: 'network' },
    stage: async (stage) => {
      const { port, stop } = await startOpenssl(stage);
      const page = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>log in</html>';
      return {
        port,
        change: async () => {
          await stop();
          await startPeer(
            stage,
            onHello((socket) => void socket.end(page)),
            { port },
          );
        },
      };
    },
  },
  {
    name: 'another certificate, and a redirect to the login page of a portal',
    expected: { code: 'captive-portal', side: 'network', ...leaf },
    stage: replayed({}, ({ servers }) => ({
      server: servers.renewed,
      clientCa: null,
      answer: (_request, response) =>
        response.writeHead(302, { location: 'http://portal.example/login' }).end(),
    })),
  },
  {
    name: 'the same certificate, and a redirect to another host',
    expected: { code: 'unexpected-redirect', certain: true, changes: ['http.status'] },
    stage: replayed({}, () => ({
      answer: (_request, response) =>
        response.writeHead(302, { location: 'https://login.example/' }).end(),
    })),
  },
  {
    name: 'our CA file was replaced by one that lacks the CA of the gateway',
    expected: { code: 'ca-file-changed', side: 'delegate', changed: true },
    stage: async (stage) => {
      const { port } = await startOpenssl(stage);
      const { gateway, stranger } = stage.authorities;
      const ca = stage.write('ca.pem', gateway.cert);
      return { port, ca, change: () => stage.write('ca.pem', stranger.cert) };
    },
  },
  {
    name: 'our certificate was replaced and its key was not',
    expected: { code: 'rotation-half-written', side: 'delegate', certain: true, changed: true },
    stage: async (stage) => {
      const { port } = await startOpenssl(stage);
      const { good, ec } = stage.clients;
      const certPath = stage.write('client.crt', good.cert);
      const client = { certPath, keyPath: stage.write('client.key', good.key) };
      return { port, client, change: () => stage.write('client.crt', ec.cert) };
    },
  },
  {
    name: 'the balancer before it ends TLS now, and passes the request on in clear',
    expected: { code: 'backend-expects-tls', ...requested },
    stage: async (stage) => {
      const inner = await startNginx(stage);
      const outer = { clientCa: null, answer: [`proxy_pass http://127.0.0.1:${inner.port};`] };
      return restarted(startNginx, () => outer)(stage);
    },
  },
  {
    name: 'every other connection meets a replica that trusts another client CA',
    expected: { code: 'gateway-replicas-disagree' },
    stage: async (stage) => {
      const good = await startOpenssl(stage);
      const bad = await startOpenssl(stage, wrongCa(stage));
      let isRotated = false;
      const { port } = await startMiddlebox(stage, (connection) =>
        isRotated && connection % 2 === 1 ? bad.port : good.port,
      );
      return {
        port,
        change: () => {
          isRotated = true;
        },
      };
    },
  },
  {
    name: 'the handshake is refused for everybody',
    expected: { code: 'gateway-handshake-refused' },
    stage: replayed({}, () => ({ options: { cert: '', key: '' } })),
  },
  {
    name: 'our file has lost its intermediate',
    expected: { code: 'client-certificate-intermediate-missing', side: 'delegate' },
    stage: async (stage) => {
      const { port } = await startOpenssl(stage);
      const { belowIssuing } = stage.clients;
      const { certPath } = chained(stage.pki, belowIssuing, stage.authorities.delegateIssuing);
      const ours = join(stage.directory, 'client.crt');
      copyFileSync(certPath, ours);
      return {
        port,
        client: { certPath: ours, keyPath: belowIssuing.keyPath },
        change: () => copyFileSync(belowIssuing.certPath, ours),
      };
    },
  },
  {
    name: 'the wrong certificate was rotated in on this side',
    expected: {
      code: 'client-issuer-not-accepted',
      side: 'delegate',
      changes: ['clientCertificate.sha256'],
    },
    stage: async (stage) => {
      const { port } = await startOpenssl(stage);
      const { good, stranger } = stage.clients;
      const [certPath, keyPath] = ['client.crt', 'client.key'].map((name) =>
        join(stage.directory, name),
      );
      if (certPath === undefined || keyPath === undefined)
        throw new TypeError('two names are two paths');
      const put = (pair: { certPath: string; keyPath: string }): void => {
        copyFileSync(pair.certPath, certPath);
        copyFileSync(pair.keyPath, keyPath);
      };
      put(good);
      const wrong = chained(stage.pki, stranger, stage.authorities.stranger);
      return { port, client: { certPath, keyPath }, change: () => put(wrong) };
    },
  },
];

export const sinceBaseline: readonly Fault[] = changed.map(({ name, expected, stage }) => ({
  group: 'since the baseline',
  name,
  expected: { side: 'gateway', ...expected },
  stage,
}));
