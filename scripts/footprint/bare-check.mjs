/** The yardstick of `check`: the same connection with Node alone. node bare-check.mjs PORT CA CERT KEY */
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';

const [port, ca, cert, key] = process.argv.slice(2);
const socket = connect(
  {
    host: '127.0.0.1',
    port: Number(port),
    servername: 'localhost',
    ca: readFileSync(ca),
    cert: readFileSync(cert),
    key: readFileSync(key),
  },
  () => {
    process.stdout.write(`${socket.getPeerCertificate().fingerprint256}\n`);
    socket.end();
  },
);
socket.resume();
