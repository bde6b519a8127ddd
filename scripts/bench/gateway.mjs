/** A gateway for measuring, in a process of its own: TLS 1.3 with a client certificate required, one short answer to a request. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [ca, cert, key] = process.argv.slice(2);
const files = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
let answered = 0;
const server = createServer(
  { ...files, requestCert: true, rejectUnauthorized: true, keepAlive: false },
  ({ url }, response) => {
    answered += 1;
    response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' });
    response.end(url === '/large' ? Buffer.alloc(400_000) : 'ok\n');
  },
);
server.on('tlsClientError', () => {});
process.on('message', () => process.send?.(answered));
process.on('disconnect', () => process.exit());
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.(address?.port);
});
