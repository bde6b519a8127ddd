#!/usr/bin/env node
/** The executable. */
import net from 'node:net';
import { main } from '../src/cli/main.ts';
import { processIo } from '../src/cli/process-io.ts';
import { isIP } from '../src/target/is-ip.ts';

// Node's TLS asks this of every server name, and its own answer takes 3 ms the first time.
net.isIP = isIP;

// Not awaited at the top: the bundle within the executable is no ES module. `main` never rejects.
const io = processIo();

// Thrown where nobody waits. Node would print all that hangs on the error: certificates, octets of a peer.
process.once('uncaughtException', (error) => {
  void import('../src/cli/print-failure.ts').then(({ printFailure }) => {
    printFailure(error, io);
    process.exit(2);
  });
});

void main(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
  // Somebody waits for a check, and taking the runtime apart takes as long as a tenth of it.
  if (process.argv[2] === 'check' && io.isWritten()) process.exit();
});
