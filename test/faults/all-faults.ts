/** Every fault, in the order of the table. */
import type { Fault } from './fault.ts';
import { clientCertificate } from './groups/client-certificate.ts';
import { http } from './groups/http.ts';
import { interception } from './groups/interception.ts';
import { names } from './groups/names.ts';
import { network } from './groups/network.ts';
import { ownFiles } from './groups/own-files.ts';
import { protocol } from './groups/protocol.ts';
import { proxy } from './groups/proxy.ts';
import { serverCertificate } from './groups/server-certificate.ts';
import { sinceBaseline } from './groups/since-baseline.ts';

export const allFaults: readonly Fault[] = [
  ...ownFiles,
  ...names,
  ...network,
  ...interception,
  ...proxy,
  ...protocol,
  ...serverCertificate,
  ...clientCertificate,
  ...http,
  ...sinceBaseline,
];
