/** `sidelight schema`: the JSON Schema of a document that we promise to others. */
import { loadSchemaOf } from '../config/load-schema-of.ts';
import { incidentSchema } from '../report/incident-schema.ts';
import { reportSchema } from '../report/schema.ts';
import { statusSchema } from '../report/status-schema.ts';
import type { CommandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

export function schema({ options, problems }: CommandLine, io: Io): number {
  const document = loadSchemaOf({ options, env: io.env, problems });
  const found = new Map([
    ['status', statusSchema],
    ['incident', incidentSchema],
  ]).get(document);
  io.stdout.write(`${JSON.stringify(found ?? reportSchema, null, 2)}\n`);
  return exitCodes.good;
}
