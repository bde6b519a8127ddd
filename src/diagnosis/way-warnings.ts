/** What is wrong on the way to a gateway that was reached all the same, and with what it presents. */
import { isIpv6 } from './addresses.ts';
import type { Situation } from './cause.ts';
import { clockDifferenceInWords, clockDifferenceMs, tolerableMs } from './clock-difference.ts';
import { inspectionProductOf } from './interception.ts';
import { proxyInUse } from './reading.ts';
import type { Look, Warning } from './warning.ts';

export const wayWarnings: readonly Look[] = [
  sixthFailed,
  clockDiffers,
  trustedInterception,
  serverCertificateRevoked,
];

function sixthFailed({ evidence }: Situation): Warning | undefined {
  const { address, failedAddresses = [] } = evidence.steps.find(({ name }) => name === 'tcp') ?? {};
  const failed = failedAddresses.filter((each) => isIpv6(each.address));
  if (address === undefined || isIpv6(address) || failed.length === 0) return undefined;
  if (proxyInUse(evidence) !== undefined) return undefined;
  return {
    code: 'ipv6-broken',
    title: 'IPv6 on the way to the gateway is broken, and IPv4 works',
    evidence: `${failed.map((each) => `${each.address} (${each.code})`).join(', ')} failed before ${address} took the connection.`,
  };
}

function clockDiffers({ evidence }: Situation): Warning | undefined {
  const difference = clockDifferenceMs(evidence);
  const date = evidence.http?.date;
  if (difference === undefined || date === undefined) return undefined;
  if (Math.abs(difference) <= tolerableMs) return undefined;
  return {
    code: 'client-clock-skew',
    title: 'The clocks of this machine and of the gateway differ',
    evidence: clockDifferenceInWords(difference, date, evidence.time),
  };
}

/** The authority of an inspection product is trusted here: whoever accepts us through it is not the gateway. */
function trustedInterception({ evidence }: Situation): Warning | undefined {
  const { serverCertificates = [], serverAuthorized } = evidence.tls ?? {};
  const product = inspectionProductOf(serverCertificates);
  if (product === undefined || !serverAuthorized) return undefined;
  return {
    code: 'tls-interception',
    title: 'Something on the way opens our TLS connection',
    evidence: `The certificate was issued by ${serverCertificates[0]?.issuer}, which is how ${product} signs, and that is trusted here.`,
  };
}

function serverCertificateRevoked({ evidence }: Situation): Warning | undefined {
  const { ocsp } = evidence.tls ?? {};
  if (ocsp?.certificateStatus !== 'revoked') return undefined;
  const since = ocsp.revokedAt === undefined ? '' : ` on ${ocsp.revokedAt}`;
  return {
    code: 'server-certificate-revoked',
    title: 'The certificate of the gateway was revoked',
    evidence: `The OCSP answer that the gateway itself sends says that it was revoked${since}.`,
  };
}
