/** The page of one home, as its options allow it: for operators, or for its own machine, or not at all. */
import type { Random } from '../../base/random.ts';
import type { Revocations } from '../revocations.ts';
import { SenderTokens } from '../sender-tokens.ts';
import type { HomeOptions } from '../start-home.ts';
import { isLoopback, openAccess } from './access.ts';
import { openPage, type Page, type PageOptions } from './page.ts';

export interface PageGround extends Omit<PageOptions, 'access' | 'clock'> {
  readonly tokens: SenderTokens | undefined;
  readonly revocations: Revocations | undefined;
  readonly port: () => number;
  readonly random: Random;
}

/** Undefined where reports need a credential and no operator is named: then nobody may read them. Throws CannotRun. */
export function pageFor(options: HomeOptions, ground: PageGround): Page | undefined {
  const { operatorTokens: path, clientCa, cert, listen, clock } = options;
  const { tokens: senders, revocations, port, random, ...room } = ground;
  const hasClientCa = clientCa !== undefined;
  const isOpen = !senders && !hasClientCa && isLoopback(listen.host);
  if (path === undefined && !isOpen) return undefined;
  const operators =
    path === undefined ? undefined : new SenderTokens(path, '--operator-token-file');
  const isTls = cert !== undefined;
  const credentials = { operators, senders, revocations, hasClientCa };
  const access = openAccess({ ...credentials, isTls, port, clock, random });
  return openPage({ ...room, access, clock });
}
