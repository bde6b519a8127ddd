#!/usr/bin/env node
/** The executable. */
import { main } from '../src/cli/main.ts';
import { processIo } from '../src/cli/process-io.ts';

void main(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});
