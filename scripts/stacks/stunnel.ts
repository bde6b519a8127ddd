/** stunnel in front of a plain HTTP server of ours. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverSuites } from './fault.ts';
import { type Listener, listeners, type Stack, startProcess } from './stack.ts';

const limits: Readonly<Record<Listener, readonly string[]>> = {
  both: ['sslVersionMin = TLSv1.2', 'sslVersionMax = TLSv1.3'],
  tls12: ['sslVersion = TLSv1.2'],
  tls13: ['sslVersion = TLSv1.3'],
  named: ['sslVersionMin = TLSv1.2', 'sslVersionMax = TLSv1.3'],
};

export const stunnelStack: Stack = {
  name: 'stunnel',
  version: () =>
    /stunnel (\S+)/.exec(spawnSync('stunnel4', ['-version']).stderr.toString())?.[1] ?? '',
  cannot: {
    'unknown-name': 'a service without a matching pattern answers with its own certificate',
    'alpn-mismatch': 'it has no ALPN',
  },
  start: (materials, ports, directory) => {
    const path = join(directory, 'stunnel.conf');
    const answer = join(directory, 'answer.sh');
    // What the client asks is read to its empty line, so that nothing is left unread when the answer ends.
    const script = `while IFS= read -r line; do [ "\${#line}" -gt 1 ] || break; done
printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok'
`;
    writeFileSync(answer, script);
    const services = listeners.flatMap((listener) => [
      `[${listener}]`,
      `accept = 127.0.0.1:${ports[listener]}`,
      ...['exec = /bin/sh', `execArgs = sh ${answer}`],
      ...[`cert = ${materials.serverChainPath}`, `key = ${materials.serverKeyPath}`],
      ...['verifyChain = yes', `CAfile = ${materials.clientCasPath}`],
      `CRLfile = ${materials.crlPath}`,
      `ciphers = ${serverSuites.tls12.join(':')}`,
      `ciphersuites = ${serverSuites.tls13.join(':')}`,
      ...limits[listener],
    ]);
    const lines = ['foreground = yes', 'pid =', 'debug = notice', ...services];
    writeFileSync(path, `${lines.join('\n')}\n`);
    return [startProcess('stunnel4', [path], directory)];
  },
};
