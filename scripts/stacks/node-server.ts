/** A gateway made of Node's https: `node-server.ts port minVersion maxVersion chain key cas crl`. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import process from 'node:process';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { serverAlpn, serverName, serverSuites } from './fault.ts';

const [port, minVersion, maxVersion, chain = '', key = '', cas = '', crl = ''] =
  process.argv.slice(2);

const contextOptions = {
  minVersion: minVersion as SecureVersion,
  maxVersion: maxVersion as SecureVersion,
  cert: readFileSync(chain),
  key: readFileSync(key),
  ca: readFileSync(cas),
  crl: readFileSync(crl),
  ciphers: [...serverSuites.tls13, ...serverSuites.tls12].join(':'),
};
const context = createSecureContext(contextOptions);

createServer(
  {
    ...contextOptions,
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: [serverAlpn],
    SNICallback: (name, done) => {
      if (name === serverName) done(null, context);
      else done(new Error('no such name'));
    },
  },
  (_request, response) => response.end('ok'),
).listen(Number(port), '127.0.0.1');
