/** Six recorded connections that between them use most of the decoder: what the refeeding tests and the fuzzer feed. */
import { once } from 'node:events';
import type { ConnectionOptions } from 'node:tls';
import {
  type Act,
  type Certificates,
  type Recording,
  record,
  type Server,
  type StreamEvent,
  startOpenssl,
} from './recorder.ts';

export interface Stream {
  readonly name: string;
  readonly events: readonly StreamEvent[];
}

const certificate = ['-cert', 'ec.crt', '-key', 'ec.key'];
const demand = ['-Verify', '1', '-verify_return_error', '-CAfile', 'ca.crt'];

/** A line to the server, its answer, and an orderly end. */
const oneLine: Act = {
  use: async (socket) => {
    socket.write('Sidelight\n');
    await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => {});
  },
};

export async function recordStreams(certificates: Certificates): Promise<Stream[]> {
  const against = async (
    flags: readonly string[],
    options: ConnectionOptions,
  ): Promise<Recording> => {
    const server: Server = await startOpenssl(certificates.directory, ...certificate, ...flags);
    const recording = await record(
      server.port,
      { ecdhCurve: 'X25519:P-384:P-256', ...options },
      oneLine,
    );
    server.close();
    return recording;
  };
  const cert = certificates.pem('client.crt');
  const key = certificates.pem('client.key');
  const recordings = {
    tls13: await against(['-rev', ...demand], { cert, key, ALPNProtocols: ['http/1.1'] }),
    'tls13-retry': await against(['-rev', '-groups', 'P-384'], { servername: 'localhost' }),
    'tls13-refused': await against(['-rev', ...demand], {}),
    'tls12-gcm': await against(['-rev', '-tls1_2', ...demand], { cert, key }),
    'tls12-cbc': await against(['-rev', '-tls1_2'], { ciphers: 'ECDHE-ECDSA-AES128-SHA' }),
    'tls12-refused': await against(['-rev', '-tls1_2', ...demand], {}),
  };
  return Object.entries(recordings).map(([name, { events }]) => ({ name, events }));
}
