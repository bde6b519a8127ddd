/** The http step against a gateway that answers and does not finish what it says. */
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { lookAt, stepOf } from '../support/aim-at.ts';
import { type Issued, makePki } from '../support/openssl.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
let gatewayCa: Issued;
let server: Issued;

beforeAll(() => {
  const pki = makePki(directory);
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
});

async function lookAtOneThat(answers: RequestListener): Promise<Evidence> {
  const running = createServer({ cert: server.cert, key: server.key }, answers);
  await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve));
  const { port } = running.address() as AddressInfo;
  try {
    return await lookAt({ port, credential: { caPath: gatewayCa.certPath }, timeoutMs: 400 });
  } finally {
    running.closeAllConnections();
    running.close();
  }
}

test('a refusal whose body never ends is a refusal, with what its body had said by then', async () => {
  const evidence = await lookAtOneThat((_request, answer) => {
    answer.writeHead(401);
    answer.write('{"code":"INVALID_AGENT_MTLS_AUTHORITY"');
  });
  expect(evidence.http).toMatchObject({ status: 401, body: 'invalid-agent-mtls-authority' });
  expect(stepOf(evidence, 'http')?.outcome).toBe('passed');
});

test('a refusal whose body breaks off keeps its status', async () => {
  const evidence = await lookAtOneThat((_request, answer) => {
    answer.writeHead(403, { 'content-length': 1000 });
    answer.write('half', () => answer.destroy());
  });
  expect(evidence.http).toMatchObject({ status: 403 });
});

test('a gateway that takes the request and says nothing has given no answer', async () => {
  const evidence = await lookAtOneThat(() => {});
  expect(evidence.http).toBeUndefined();
  expect(stepOf(evidence, 'http')?.error).toEqual({ code: 'TIMEOUT' });
});
