/** Faults of names and routes: the executable runs where /etc/hosts and the resolver are the fault's own. */
import { createSocket } from 'node:dgram';
import type { Expected, Fault, Scene } from '../fault.ts';
import { type Names, withNames, withoutNetwork } from '../look/elsewhere.ts';
import { startOpenssl } from '../servers/gateways.ts';
import { startNode } from '../servers/node-gateway.ts';
import { startPeer } from '../servers/peers.ts';
import { startConnectStub, tunnelTo } from '../servers/proxies.ts';
import type { Stage } from '../stage.ts';

interface Named {
  readonly name: string;
  readonly expected: Partial<Expected> & Pick<Expected, 'code'>;
  readonly stage: (stage: Stage) => Promise<Partial<Scene> & Pick<Scene, 'port'>>;
}

const host = 'gateway.example';

/** A look that resolves `host`, as the names stand at that moment. */
const resolving = (stage: Stage, names: () => Names, named = host) => ({
  host: named,
  address: null,
  args: ['--server-name', 'localhost'],
  look: withNames(stage.directory, names),
});

/** Answers every question with an empty answer and this code (RFC 1035 section 4.1.1). Its address is the stage's own. */
async function startNameserver(stage: Stage, rcode: number): Promise<string> {
  const address = `127.53.${Math.trunc((await stage.port()) / 256)}.${(await stage.port()) % 256}`;
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address: to }) => {
    const answer = Buffer.from(question);
    answer[2] = 0x81;
    answer[3] = 0x80 | rcode;
    socket.send(answer, port, to);
  });
  await new Promise<void>((resolve) => socket.bind(53, address, resolve));
  stage.keep({ stop: () => void socket.close() });
  return address;
}

const named: readonly Named[] = [
  {
    name: 'the resolver says that the name does not exist',
    expected: { code: 'dns-name-not-found', certain: true },
    stage: async (stage) => {
      const nameserver = await startNameserver(stage, 3);
      return { port: await stage.port(), ...resolving(stage, () => ({ nameserver })) };
    },
  },
  {
    name: 'the resolver fails',
    expected: { code: 'dns-temporary-failure', certain: true },
    stage: async (stage) => {
      const nameserver = await startNameserver(stage, 2);
      return { port: await stage.port(), ...resolving(stage, () => ({ nameserver })) };
    },
  },
  {
    name: 'no resolver answers',
    expected: { code: 'dns-temporary-failure', certain: true },
    stage: async (stage) => {
      const names = resolving(stage, () => ({ nameserver: '127.0.0.254' }));
      return { port: await stage.port(), ...names };
    },
  },
  {
    name: 'the name leads to a sinkhole now',
    expected: { code: 'dns-unexpected-address', changes: ['steps.tcp.address'], decidable: false },
    stage: async (stage) => {
      const { port } = await startNode(stage);
      await startNode(stage, {
        port,
        host: '127.0.0.66',
        server: stage.servers.untrusted,
        clientCa: null,
      });
      let address = '127.0.0.1';
      return {
        port,
        ...resolving(stage, () => ({ hosts: [`${address} ${host}`] })),
        change: () => {
          address = '127.0.0.66';
        },
      };
    },
  },
  {
    name: 'the name leads to 0.0.0.0, where nobody listens',
    expected: { code: 'dns-unexpected-address', decidable: false },
    stage: async (stage) => ({
      port: await stage.port(),
      ...resolving(stage, () => ({ hosts: [`0.0.0.0 ${host}`] })),
    }),
  },
  {
    name: 'IPv6 fails where IPv4 works',
    expected: { code: 'ipv6-broken' },
    stage: async (stage) => {
      const { port } = await startOpenssl(stage);
      await startPeer(stage, () => {}, { port, host: '::1' });
      return {
        port,
        ...resolving(
          stage,
          () => ({ hosts: ['::1 localhost', '127.0.0.1 localhost'] }),
          'localhost',
        ),
      };
    },
  },
  {
    name: 'one of two addresses has a replica that trusts another client CA',
    expected: { code: 'gateway-replicas-disagree', side: 'gateway' },
    stage: async (stage) => {
      const { port } = await startNode(stage, { clientCa: stage.authorities.wrong });
      await startNode(stage, { port, host: '127.0.0.2' });
      const hosts = ['127.0.0.1 localhost', '127.0.0.2 localhost'];
      return { port, ...resolving(stage, () => ({ hosts }), 'localhost') };
    },
  },
  {
    name: 'NO_PROXY exempts a gateway that only the proxy reaches',
    expected: { code: 'proxy-bypass-misapplied', side: 'delegate' },
    stage: async (stage) => {
      const gateway = await startOpenssl(stage);
      const nameserver = await startNameserver(stage, 3);
      const proxy = await startConnectStub(
        stage,
        'HTTP/1.1 200 Connection established\r\n\r\n',
        tunnelTo(gateway.port),
      );
      return {
        port: await stage.port(),
        ...resolving(stage, () => ({ nameserver })),
        env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '.example' },
      };
    },
  },
  {
    name: 'a proxy that refuses is used where the direct way worked',
    expected: { code: 'proxy-bypass-misapplied', side: 'delegate', changes: ['target.proxy'] },
    stage: async (stage) => {
      const { port } = await startOpenssl(stage);
      const proxy = await startConnectStub(
        stage,
        'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
      );
      const env: Record<string, string> = {};
      return {
        port,
        ...resolving(stage, () => ({ hosts: [`127.0.0.1 ${host}`] })),
        env,
        change: () => {
          env['HTTPS_PROXY'] = `http://127.0.0.1:${proxy.port}`;
        },
      };
    },
  },
  {
    name: 'there is no route',
    expected: { code: 'tcp-unreachable', certain: true },
    stage: async (stage) => ({
      port: await stage.port(),
      address: '192.0.2.1',
      look: withoutNetwork,
    }),
  },
];

export const names: readonly Fault[] = named.map(({ name, expected, stage }) => ({
  group: 'names',
  name,
  expected: { side: 'network', ...expected },
  stage,
}));
