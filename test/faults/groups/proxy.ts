/** Faults of the HTTP proxy on the way: real proxies, and peers that behave like bad ones. */
import type { Expected, Fault } from '../fault.ts';
import { asExecutable } from '../look/looker.ts';
import { startGnutls, startHaproxy, startOpenssl } from '../servers/gateways.ts';
import { startNode } from '../servers/node-gateway.ts';
import { onHello, startPeer } from '../servers/peers.ts';
import { startConnectStub, startSquid, startTinyproxy, startTlsFront } from '../servers/proxies.ts';
import type { Stage } from '../stage.ts';

/** `stage` gives the URL of the proxy. */
function proxied(
  name: string,
  expected: Partial<Expected> & Pick<Expected, 'code'>,
  stage: (stage: Stage, gatewayPort: number) => Promise<string>,
): Fault {
  return {
    group: 'proxy',
    name,
    expected: { side: 'proxy', ...expected },
    stage: async (here) => {
      const { port } = await startOpenssl(here);
      return { port, args: ['--proxy', await stage(here, port)] };
    },
  };
}

const at = ({ port }: { readonly port: number }, userinfo = ''): string =>
  `http://${userinfo}127.0.0.1:${port}`;

const stub =
  (answer: string, then?: Parameters<typeof startConnectStub>[2]) =>
  async (stage: Stage): Promise<string> =>
    at(await startConnectStub(stage, answer, then));

const established = 'HTTP/1.1 200 Connection established\r\n\r\n';
const empty = 'Content-Length: 0\r\n\r\n';
const certain = { certain: true } as const;
const authentication = { code: 'proxy-authentication-required', ...certain } as const;

export const proxy: readonly Fault[] = [
  proxied('nothing listens', { code: 'proxy-unreachable', ...certain }, async (stage) =>
    at({ port: await stage.port() }),
  ),
  proxied('its name does not exist', { code: 'proxy-unreachable', ...certain }, async () => {
    const impossible = 'x'.repeat(64);
    return `http://${impossible}.example:3128`;
  }),
  proxied('tinyproxy wants a password', authentication, async (stage) =>
    at(await startTinyproxy(stage, ['BasicAuth agent s3cret'])),
  ),
  proxied('tinyproxy wants another password', authentication, async (stage) =>
    at(await startTinyproxy(stage, ['BasicAuth agent s3cret']), 'agent:wrong@'),
  ),
  proxied(
    'a proxy wants NTLM',
    authentication,
    stub(
      `HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n${empty}`,
    ),
  ),
  proxied('tinyproxy allows 443 only', { code: 'proxy-refused', ...certain }, async (stage) =>
    at(await startTinyproxy(stage, ['ConnectPort 443'])),
  ),
  proxied('squid denies the host', { code: 'proxy-refused', ...certain }, async (stage) =>
    at(await startSquid(stage, ['http_access deny all'])),
  ),
  proxied(
    'a proxy forbids CONNECT',
    { code: 'proxy-refused', ...certain },
    stub(`HTTP/1.1 405 Method Not Allowed\r\n${empty}`),
  ),
  {
    group: 'proxy',
    name: 'squid does not reach the gateway',
    expected: { code: 'proxy-upstream-failed', side: 'proxy' },
    stage: async (stage) => ({
      port: await stage.port(),
      args: ['--proxy', at(await startSquid(stage, ['http_access allow all']))],
    }),
  },
  ...[502, 504].map((status) =>
    proxied(
      `a proxy answers ${status}`,
      { code: 'proxy-upstream-failed', ...certain },
      stub(`HTTP/1.1 ${status} Upstream\r\n${empty}`),
    ),
  ),
  proxied(
    'GnuTLS listens, and is spoken to in clear',
    { code: 'proxy-speaks-tls', ...certain },
    async (stage) => at(await startGnutls(stage, { clientCa: null })),
  ),
  proxied(
    'HAProxy wants TLS, and is spoken to in clear',
    { code: 'proxy-speaks-tls', decidable: false },
    async (stage) => at(await startHaproxy(stage, { clientCa: null })),
  ),
  proxied(
    'squid is spoken to with TLS and wants none',
    { code: 'proxy-speaks-tls', ...certain },
    async (stage) =>
      at(await startSquid(stage, ['http_access allow all'])).replace('http:', 'https:'),
  ),
  {
    group: 'proxy',
    name: 'our certificate has expired, behind a proxy that wants TLS and is trusted',
    expected: { code: 'client-certificate-expired', side: 'delegate', certain: true },
    stage: async (stage) => {
      const { port } = await startOpenssl(stage);
      const front = await startTlsFront(stage, (await startTinyproxy(stage)).port);
      return {
        port,
        client: stage.clients.expired,
        args: ['--proxy', `https://localhost:${front.port}`],
        env: { NODE_EXTRA_CA_CERTS: stage.authorities.gateway.certPath },
        look: asExecutable,
      };
    },
  },
  proxied(
    'its own certificate is not trusted',
    { code: 'proxy-certificate-untrusted', ...certain },
    async (stage) => at(await startNode(stage, { clientCa: null })).replace('http:', 'https:'),
  ),
  proxied(
    'tinyproxy is spoken to with TLS and waits for a line',
    { code: 'proxy-speaks-tls', decidable: false },
    async (stage) => at(await startTinyproxy(stage)).replace('http:', 'https:'),
  ),
  proxied('SSH listens', { code: 'proxy-not-http', ...certain }, async (stage) =>
    at(await startPeer(stage, (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'))),
  ),
  proxied('it never answers', { code: 'proxy-timeout', ...certain }, async (stage) =>
    at(await startPeer(stage, () => {})),
  ),
  proxied(
    'it closes the tunnel',
    { code: 'proxy-closed-tunnel' },
    stub(established, (socket) => void socket.end()),
  ),
  proxied(
    'it resets the tunnel when TLS begins',
    { code: 'proxy-closed-tunnel' },
    stub(
      established,
      onHello((socket) => void socket.resetAndDestroy()),
    ),
  ),
  proxied(
    'its block page comes through the tunnel',
    { code: 'proxy-answered-in-clear' },
    stub(
      established,
      onHello((socket) =>
        socket.end(
          'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>blocked by policy</html>',
        ),
      ),
    ),
  ),
  {
    group: 'proxy',
    name: 'squid is taken for the gateway',
    expected: { code: 'proxy-answered-in-clear', side: 'proxy' },
    stage: async (stage) => startSquid(stage, ['http_access allow all']),
  },
  {
    group: 'proxy',
    name: 'a demand for a password comes where TLS was expected',
    expected: { code: 'proxy-answered-in-clear', side: 'proxy' },
    stage: (stage) =>
      startPeer(
        stage,
        onHello((socket) =>
          socket.end(
            `HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="corp"\r\n${empty}`,
          ),
        ),
      ),
  },
];
