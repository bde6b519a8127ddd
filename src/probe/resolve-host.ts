/** The dns step: the addresses of a host, as this machine's own resolver gives them. */
import { lookup } from 'node:dns/promises';
import { failed, passed, type StepResult, stepError } from './step-result.ts';

/** Addresses beyond these are not tried. */
const maxAddresses = 8;

/** Asks getaddrinfo, so that /etc/hosts and search domains count as they do for the delegate. */
export async function resolveHost(
  host: string,
  port: number,
): Promise<StepResult<readonly string[]>> {
  try {
    const found = await lookup(host, { all: true, order: 'verbatim' });
    const addresses = [...new Set(found.map(({ address }) => address))].slice(0, maxAddresses);
    return passed(addresses, { host, port, addresses });
  } catch (error) {
    return failed(stepError(error), { host, port });
  }
}
