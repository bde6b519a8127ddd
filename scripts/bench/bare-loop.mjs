/** The yardstick of a look: the same connection, question and answer with Node alone. node bare-loop.mjs PER_SECOND CA CERT KEY PORT */
import { readFileSync } from 'node:fs';
import { connect, createSecureContext } from 'node:tls';

const [perSecond, ca, cert, key, port] = process.argv.slice(2);
const secureContext = createSecureContext({
  ca: readFileSync(ca),
  cert: readFileSync(cert),
  key: readFileSync(key),
});
const question = `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
const startedMs = performance.now();
let asked = 0;

function look() {
  const socket = connect({
    host: '127.0.0.1',
    port: Number(port),
    servername: 'localhost',
    secureContext,
  });
  socket.once('secureConnect', () => socket.write(question));
  socket.on('error', () => socket.destroy());
  socket.once('data', () => socket.end());
}

setInterval(() => {
  const due = ((performance.now() - startedMs) / 1000) * Number(perSecond);
  for (; asked < due; asked += 1) look();
}, 1000 / Number(perSecond));
