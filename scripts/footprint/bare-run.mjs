/** The yardstick of `run`: the libraries it needs, and the same connections on a timer. node bare-run.mjs INTERVAL_MS CA CERT KEY PORT… */
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { connect } from 'node:tls';
import pino from 'pino';
import { Agent } from 'undici';

const [intervalMs, ca, cert, key, ...ports] = process.argv.slice(2);
const log = pino(pino.destination({ fd: 1, sync: true }));
const db = new DatabaseSync(':memory:');
const client = new Agent();
log.info({ sqlite: db.isOpen, undici: !client.closed }, 'loaded');

const files = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };

function look(port) {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ...files }, () => {
    log.info({ port, fingerprint: socket.getPeerCertificate().fingerprint256 });
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  });
  socket.on('error', () => socket.destroy()).resume();
}

setInterval(() => ports.map(Number).forEach(look), Number(intervalMs));
