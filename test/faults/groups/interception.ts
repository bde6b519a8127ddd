/** Boxes that end TLS themselves under a CA of their own, and go on to the gateway without our certificate. */
import { request } from 'node:https';
import type { Fault } from '../fault.ts';
import { startNginx } from '../servers/gateways.ts';
import { startNode } from '../servers/node-gateway.ts';
import type { Stage } from '../stage.ts';

interface Box {
  readonly product: string;
  /** Of its issuing CA, in OpenSSL's form. */
  readonly issuer: string;
  /** Whether its CA was rolled out to this machine. */
  readonly trusted: boolean;
}

const boxes: readonly Box[] = [
  {
    product: 'Zscaler',
    issuer: '/O=Zscaler Inc./OU=Zscaler Inc./CN=Zscaler Intermediate Root CA (zscaler.net)',
    trusted: true,
  },
  { product: 'Netskope', issuer: '/O=Netskope Inc/CN=ca.corp.goskope.com', trusted: true },
  {
    product: 'Palo Alto',
    issuer: '/O=Palo Alto Networks/CN=Palo Alto Decryption CA',
    trusted: false,
  },
  {
    product: 'Fortinet',
    issuer: '/O=Fortinet/OU=Certificate Authority/CN=FG100ETK18000000',
    trusted: false,
  },
  {
    product: 'Blue Coat',
    issuer: '/O=Blue Coat SG/CN=Blue Coat SSL Interception CA',
    trusted: true,
  },
  { product: 'mitmproxy', issuer: '/CN=mitmproxy/O=mitmproxy', trusted: false },
];

/** The box takes our request and asks the gateway itself; what the gateway says comes back to us. */
async function intercept(stage: Stage, { issuer, trusted }: Box) {
  const gateway = await startNginx(stage);
  const ca = stage.pki.ca(issuer);
  const { port } = await startNode(stage, {
    server: stage.pki.server({ ca }),
    clientCa: null,
    answer: (asked, answer) => {
      const options = {
        host: '127.0.0.1',
        port: gateway.port,
        path: asked.url,
        servername: 'localhost',
      };
      request({ ...options, rejectUnauthorized: false }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      }).end();
    },
  });
  const anchors = [stage.authorities.gateway, ...(trusted ? [ca] : [])];
  return { port, ca: stage.write('anchors.pem', anchors.map(({ cert }) => cert).join('')) };
}

export const interception: readonly Fault[] = boxes.map((box) => ({
  group: 'interception',
  name: `${box.product}, ${box.trusted ? 'trusted here' : 'not trusted here'}`,
  expected: { code: 'tls-interception', side: 'network', says: box.product },
  stage: (stage) => intercept(stage, box),
}));
