/** Node's own TLS server, in a process of its own. */
import { fileURLToPath } from 'node:url';
import { type Listener, listeners, type Stack, startProcess } from './stack.ts';

const limits: Readonly<Record<Listener, readonly [min: string, max: string]>> = {
  both: ['TLSv1.2', 'TLSv1.3'],
  tls12: ['TLSv1.2', 'TLSv1.2'],
  tls13: ['TLSv1.3', 'TLSv1.3'],
  named: ['TLSv1.2', 'TLSv1.3'],
};

export const nodeStack: Stack = {
  name: 'node',
  version: () => process.version,
  cannot: {},
  start: (materials, ports, directory) => {
    const script = fileURLToPath(new URL('./node-server.ts', import.meta.url));
    const { serverChainPath, serverKeyPath, clientCasPath, crlPath } = materials;
    const files = [serverChainPath, serverKeyPath, clientCasPath, crlPath];
    return listeners.map((listener) =>
      startProcess(
        process.execPath,
        [script, String(ports[listener]), ...limits[listener], ...files],
        directory,
      ),
    );
  },
};
