/** A gateway in rehearsal: the secret in a real TLS listener on loopback, which says whom it took and whom it refused. */
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { errorCode } from '../../base/cannot-run.ts';
import type { Clock } from '../../base/clock.ts';
import { materialOptions } from '../../credential/create-context.ts';
import type { CredentialMaterial } from '../../credential/credential.ts';
import type { Verdict } from '../../preflight/gateway/rehearsed.ts';

export interface Rehearsal {
  readonly port: number;
  /** What was decided about the clients since the last call, in order. */
  takeVerdicts(): readonly Verdict[];
  close(): Promise<void>;
}

/** Of one connection; a client of ours needs a few milliseconds. */
const idleMs = 5000;
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/** Rejects with OpenSSL's error when it does not load the secret. `clientCa`: PEM, as it stands in its file. */
export function startRehearsal(
  material: CredentialMaterial,
  clientCa: string | Uint8Array | undefined,
  clock: Clock,
): Promise<Rehearsal> {
  let verdicts: Verdict[] = [];
  const sockets = new Set<TLSSocket>();
  const server = createServer({
    ...materialOptions(material),
    ca: clientCa === undefined ? [] : [Buffer.from(clientCa)],
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    requestCert: true,
    // Refused by us below, as Node would, so that the reason is kept.
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    const cancel = clock.after(idleMs, () => void socket.destroy());
    socket
      .on('error', () => undefined)
      .on('close', () => {
        cancel();
        sockets.delete(socket);
      });
    const { authorized, authorizationError: error } = socket;
    verdicts.push({ accepted: authorized, ...(error && { error: codeOf(error) }) });
    // Who shows no certificate has come to look at ours, which in TLS 1.2 is judged after the server is done.
    const isRefused = !authorized && socket.getPeerX509Certificate() !== undefined;
    if (isRefused) return void socket.destroy();
    socket.once('data', () => socket.end(answer));
  });
  // A handshake that fails shows at the client.
  server.on('tlsClientError', () => undefined);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        takeVerdicts: () => {
          const taken = verdicts;
          verdicts = [];
          return taken;
        },
        close: () =>
          new Promise((closed) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => closed());
          }),
      });
    });
  });
}

/** Node types it as an Error and gives the code as a string. */
function codeOf(error: unknown): string {
  return typeof error === 'string' ? error : errorCode(error);
}
