/** Faults of what the gateway presents. */
import { jks } from '../../support/java-trust-store.ts';
import { toDer } from '../../support/openssl.ts';
import type { Expected, Fault, Scene } from '../fault.ts';
import { type Gateway, startHaproxy, startNginx, startOpenssl } from '../servers/gateways.ts';
import { startNode } from '../servers/node-gateway.ts';
import type { Stage } from '../stage.ts';

function presented(
  name: string,
  expected: Partial<Expected> & Pick<Expected, 'code'>,
  arrange: (stage: Stage) => Gateway,
  scene: Partial<Scene> = {},
  start = startOpenssl,
): Fault {
  return {
    group: 'server certificate',
    name,
    expected: { side: 'gateway', ...expected },
    stage: async (stage) => ({ ...scene, port: (await start(stage, arrange(stage))).port }),
  };
}

const certain = { certain: true } as const;

export const serverCertificate: readonly Fault[] = [
  presented('expired', { code: 'server-certificate-expired', ...certain }, ({ servers }) => ({
    server: servers.expired,
  })),
  presented(
    'expired, TLS 1.2',
    { code: 'server-certificate-expired', ...certain },
    ({ servers }) => ({ server: servers.expired, version: '1.2' }),
  ),
  presented('not valid yet', { code: 'server-certificate-not-yet-valid' }, ({ servers }) => ({
    server: servers.early,
  })),
  presented(
    'for another name',
    { code: 'server-certificate-name-mismatch', ...certain },
    ({ servers }) => ({ server: servers.otherName }),
  ),
  presented(
    'for another name than the one given',
    { code: 'server-certificate-name-mismatch', ...certain },
    () => ({}),
    { args: ['--server-name', 'gateway.example'] },
    startNginx,
  ),
  presented('self-signed', { code: 'server-certificate-self-signed' }, ({ servers }) => ({
    server: servers.selfSigned,
  })),
  presented(
    'of a CA that is not trusted, sent alone',
    { code: 'server-issuer-untrusted' },
    ({ servers }) => ({ server: servers.untrusted }),
  ),
  presented(
    'of a CA that is not trusted, sent with it',
    { code: 'server-issuer-untrusted' },
    ({ servers, authorities }) => ({
      server: servers.untrusted,
      chainPath: authorities.stranger.certPath,
    }),
  ),
  presented(
    'its intermediate is not sent',
    { code: 'server-chain-incomplete', decidable: false },
    ({ servers }) => ({ server: servers.belowIssuing }),
  ),
  presented(
    'its intermediate has expired',
    { code: 'server-intermediate-expired', ...certain },
    ({ servers, authorities }) => ({
      server: servers.belowExpired,
      chainPath: authorities.gatewayIssuingExpired.certPath,
    }),
  ),
  presented(
    'for clients only',
    { code: 'server-certificate-purpose', ...certain },
    ({ servers }) => ({ server: servers.clientOnly }),
  ),
  presented('RSA of 1024 bits', { code: 'server-certificate-weak' }, ({ servers }) => ({
    server: servers.weak,
    more: ['-cipher', 'ALL:@SECLEVEL=0'],
  })),
  presented('signed with SHA-1', { code: 'server-certificate-weak' }, ({ servers }) => ({
    server: servers.sha1,
    more: ['-cipher', 'ALL:@SECLEVEL=0'],
  })),
  presented(
    "the ingress controller's default",
    { code: 'gateway-default-certificate' },
    ({ servers }) => ({ server: servers.ingressDefault }),
    {},
    startNginx,
  ),
  presented(
    "Traefik's default",
    { code: 'gateway-default-certificate' },
    ({ servers }) => ({ server: servers.traefikDefault }),
    {},
    startHaproxy,
  ),
  presented(
    'issued by what may sign certificates and is no CA',
    { code: 'server-chain-invalid', ...certain },
    ({ servers }) => ({ server: servers.belowNoCa, chainPath: servers.noCa.certPath }),
  ),
  presented(
    'issued by what is no CA',
    { code: 'server-chain-invalid', ...certain },
    ({ servers }) => ({ server: servers.belowLeaf, chainPath: servers.good.certPath }),
  ),
  {
    group: 'server certificate',
    name: 'the delegate trusts its CA and this agent does not',
    expected: { code: 'trust-stores-disagree', side: 'delegate' },
    stage: async (stage) => {
      const store = stage.write(
        'cacerts',
        jks({ anchors: [toDer(stage.authorities.gateway.cert)] }),
      );
      const { port } = await startOpenssl(stage);
      const ca = stage.authorities.stranger.certPath;
      return { port, ca, args: ['--java-truststore', store] };
    },
  },
  {
    group: 'server certificate',
    name: 'every certificate but this clock is right',
    expected: { code: 'client-clock-skew', side: 'delegate', decidable: false },
    stage: async (stage) => {
      const ahead = new Date(Date.now() + 20 * 86_400_000).toUTCString();
      const { port } = await startNode(stage, {
        server: stage.servers.early,
        answer: (_request, response) => response.writeHead(200, { date: ahead }).end('ok'),
      });
      return { port, client: stage.clients.early };
    },
  },
];
