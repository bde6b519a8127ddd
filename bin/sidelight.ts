#!/usr/bin/env node
/** The executable. */
import { main } from '../src/cli/main.ts';
import { processIo } from '../src/cli/process-io.ts';

// Not awaited at the top: the bundle within the executable is no ES module. `main` never rejects.
void main(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
