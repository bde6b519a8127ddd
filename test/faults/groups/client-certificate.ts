/** Client certificates that gateways of several makes refuse, each in its own way. */
import type { Expected, Fault, Files } from '../fault.ts';
import { chained } from '../materials.ts';
import {
  type Gateway,
  type StartGateway,
  startGnutls,
  startHaproxy,
  startNginx,
  startOpenssl,
} from '../servers/gateways.ts';
import { fatalAlert, startLate } from '../servers/late-gateway.ts';
import { startNode } from '../servers/node-gateway.ts';
import type { Stage } from '../stage.ts';

interface Make {
  readonly name: string;
  readonly start: StartGateway;
  readonly gateway?: Gateway;
}

const node: StartGateway = (stage, { version, revokes: _unused, more: _more, ...gateway } = {}) =>
  startNode(stage, {
    ...gateway,
    answer: undefined as never,
    ...(version && { options: { minVersion: `TLSv${version}`, maxVersion: `TLSv${version}` } }),
  });

const openssl13: Make = {
  name: 's_server, TLS 1.3',
  start: startOpenssl,
  gateway: { version: '1.3' },
};
const openssl12: Make = {
  name: 's_server, TLS 1.2',
  start: startOpenssl,
  gateway: { version: '1.2' },
};
const haproxy: Make = { name: 'HAProxy', start: startHaproxy };
const nginx: Make = { name: 'nginx', start: startNginx };
const gnutls: Make = { name: 'GnuTLS', start: startGnutls };
const node13: Make = { name: 'Node', start: node };
const node12: Make = { name: 'Node, TLS 1.2', start: node, gateway: { version: '1.2' } };

interface Refused {
  readonly what: string;
  readonly expected: Expected;
  readonly client: (stage: Stage) => Files | null;
  readonly makes: readonly Make[];
  readonly gateway?: Gateway;
}

const ours = (code: string, more: Partial<Expected> = {}): Expected => ({
  code,
  side: 'delegate',
  ...more,
});
const undecidable = { decidable: false } as const;

const refused: readonly Refused[] = [
  {
    what: 'no client certificate',
    expected: ours('client-certificate-not-configured', { certain: true }),
    client: () => null,
    makes: [openssl13, openssl12, haproxy, nginx, gnutls, node13, node12],
  },
  {
    what: 'an expired certificate',
    expected: ours('client-certificate-expired'),
    client: ({ clients }) => clients.expired,
    makes: [openssl13, openssl12, haproxy, nginx, gnutls, node13, node12],
  },
  {
    what: 'a certificate that is not valid yet',
    expected: ours('client-certificate-not-yet-valid'),
    client: ({ clients }) => clients.early,
    makes: [openssl13, openssl12, nginx, gnutls, node13],
  },
  {
    what: 'a certificate for servers only',
    expected: ours('client-certificate-purpose'),
    client: ({ clients }) => clients.purpose,
    makes: [openssl13, openssl12, haproxy, nginx, node13],
  },
  {
    what: 'a certificate that may not sign',
    expected: ours('client-certificate-key-usage'),
    client: ({ clients }) => clients.keyUsage,
    makes: [openssl13, nginx],
  },
  {
    what: "a CA's own certificate",
    expected: ours('client-certificate-is-ca'),
    client: ({ clients }) => clients.isCa,
    makes: [openssl13, nginx],
  },
  {
    what: 'a self-signed certificate',
    expected: ours('client-certificate-self-signed'),
    client: ({ clients }) => clients.selfSigned,
    makes: [openssl13, openssl12, haproxy, nginx, gnutls, node13],
  },
  {
    what: 'a certificate of a CA that it does not name',
    expected: ours('client-issuer-not-accepted'),
    client: ({ clients, authorities, pki }) => chained(pki, clients.stranger, authorities.stranger),
    makes: [openssl13, openssl12, haproxy, nginx, gnutls, node13, node12],
  },
  {
    what: 'a leaf whose intermediate is missing',
    expected: ours('client-certificate-intermediate-missing', undecidable),
    client: ({ clients }) => clients.belowIssuing,
    makes: [openssl13, nginx, gnutls],
  },
  {
    what: 'a leaf below an expired intermediate',
    expected: ours('client-intermediate-expired'),
    client: ({ clients, authorities, pki }) =>
      chained(pki, clients.belowExpired, authorities.delegateIssuingExpired),
    makes: [openssl13, openssl12, nginx, gnutls],
  },
  {
    what: 'a revoked certificate',
    expected: ours('client-certificate-revoked'),
    client: ({ clients }) => clients.revoked,
    makes: [openssl13, openssl12, haproxy],
    gateway: { revokes: true },
  },
  {
    what: 'a revoked certificate without saying so',
    // Nothing that can be seen from here differs from a gateway that lost our CA: its operator must look first.
    expected: { ...ours('client-certificate-revoked', undecidable), side: 'gateway' },
    client: ({ clients }) => clients.revoked,
    makes: [nginx, gnutls],
    gateway: { revokes: true },
  },
];

const byServers: readonly Fault[] = refused.flatMap(({ what, expected, client, makes, gateway }) =>
  makes.map((make) => ({
    group: 'client certificate',
    name: `${make.name} refuses ${what}`,
    expected,
    stage: async (stage: Stage) => {
      const { port } = await make.start(stage, { ...make.gateway, ...gateway });
      return { port, client: client(stage) };
    },
  })),
);

/** Alerts about a certificate in which nothing is wrong as far as anybody can see from here. */
const lateAlerts: readonly (readonly [code: number, what: string])[] = [
  [42, 'bad_certificate'],
  [46, 'certificate_unknown'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
];

const byLateAlerts: readonly Fault[] = lateAlerts.map(([code, what]) => ({
  group: 'client certificate',
  name: `a good certificate is answered with ${what} after the handshake`,
  expected: { code: 'gateway-refused-our-certificate', side: 'gateway' },
  stage: (stage) =>
    startLate(stage, {
      judge: (client) => fatalAlert(client.getPeerX509Certificate() ? code : 116),
    }),
}));

const everyClient: Fault = {
  group: 'client certificate',
  name: 'access_denied comes after the handshake, with a certificate or without',
  expected: { code: 'gateway-refuses-every-client', side: 'gateway' },
  stage: (stage) => startLate(stage, { judge: () => fatalAlert(49) }),
};

const outdatedCrl: Fault = {
  group: 'client certificate',
  name: 's_server holds a revocation list that has expired',
  expected: { code: 'gateway-crl-outdated', side: 'gateway' },
  stage: (stage) => startOpenssl(stage, { more: ['-CRL', stage.outdatedCrlPath, '-crl_check'] }),
};

/** What a strict verifier says to a path whose blocks are out of order. */
const chainOrder: Fault = {
  group: 'client certificate',
  name: 'a strict gateway refuses blocks out of order',
  expected: ours('client-certificate-chain-order'),
  stage: async (stage) => {
    const { delegate, delegateIssuing } = stage.authorities;
    const { port } = await startLate(stage, {
      judge: (client) => {
        if (!client.getPeerX509Certificate()) return fatalAlert(116);
        return fatalAlert(42);
      },
    });
    return {
      port,
      client: chained(stage.pki, stage.clients.belowIssuing, delegate, delegateIssuing),
    };
  },
};

const statuses: readonly Fault[] = [
  [495, 'client-certificate-refused-by-http', 'gateway'] as const,
  [496, 'client-certificate-refused-by-http', 'gateway'] as const,
].map(([status, code, side]) => ({
  group: 'client certificate',
  name: `a good certificate is answered with HTTP ${status}`,
  expected: { code, side },
  stage: (stage) =>
    startNode(stage, {
      answer: (_request, response) => {
        response.writeHead(status).end();
      },
    }),
}));

const weakButLoaded: Fault = {
  group: 'client certificate',
  name: 's_server refuses RSA of 1024 bits that was loaded all the same',
  expected: ours('client-certificate-weak'),
  stage: async (stage) => {
    const { port } = await startOpenssl(stage, { version: '1.2' });
    return { port, client: stage.clients.weak, args: ['--ciphers', 'DEFAULT@SECLEVEL=0'] };
  },
};

const sha1: Fault = {
  group: 'client certificate',
  name: 's_server refuses a certificate signed with SHA-1',
  expected: ours('client-certificate-weak'),
  stage: async (stage) => {
    const { port } = await startOpenssl(stage, {
      version: '1.3',
      more: ['-cipher', 'ALL:@SECLEVEL=2'],
    });
    return { port, client: stage.clients.sha1 };
  },
};

const notSent: Fault = {
  group: 'client certificate',
  name: 's_server takes no signature that our key can make',
  expected: { code: 'no-shared-signature-algorithm', side: 'gateway' },
  stage: async (stage) => {
    const more = ['-client_sigalgs', 'RSA-PSS+SHA256:RSA+SHA256'];
    const { port } = await startOpenssl(stage, { version: '1.3', more });
    return { port, client: stage.clients.ec };
  },
};

const ownListExcludes: Fault = {
  group: 'client certificate',
  name: 'our own list of signature algorithms leaves our key out',
  expected: ours('client-certificate-not-sent'),
  stage: async (stage) => {
    const { port } = await startOpenssl(stage, { server: stage.servers.rsa, version: '1.3' });
    const args = ['--signature-algorithms', 'RSA-PSS+SHA256:RSA+SHA256'];
    return { port, client: stage.clients.ec, args };
  },
};

export const clientCertificate: readonly Fault[] = [
  ...byServers,
  ...byLateAlerts,
  chainOrder,
  ...statuses,
  everyClient,
  outdatedCrl,
  weakButLoaded,
  sha1,
  notSent,
  ownListExcludes,
];
