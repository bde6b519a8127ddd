/** The whole table. */
import type { CauseCase } from './case.ts';
import { delegateCases } from './delegate.ts';
import { gatewayCases } from './gateway.ts';
import { localCases } from './local.ts';
import { networkCases } from './network.ts';
import { ourCases } from './ours.ts';
import { provenCases } from './proven.ts';
import { restCases } from './rest.ts';

export const causeCases: readonly CauseCase[] = [
  ...localCases,
  ...networkCases,
  ...ourCases,
  ...gatewayCases,
  ...delegateCases,
  ...provenCases,
  ...restCases,
];
