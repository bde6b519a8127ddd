/** The proxy wants to know who we are. */
import type { Cause } from '../cause.ts';

/** 401 is an origin's word, and some proxies use it all the same: no origin ever sees a CONNECT. */
const wantsCredentials: readonly number[] = [401, 407];

export const proxyAuthenticationRequired: Cause = {
  code: 'proxy-authentication-required',
  title: 'The proxy requires authentication',
  side: 'proxy',
  documentation:
    'The proxy answered CONNECT with 407, or with 401 as some do: no credentials were given, the ones given are wrong, or the proxy speaks only schemes other than Basic, such as NTLM or Negotiate. The gateway was never reached. Configure user and password of the proxy, or have this machine exempted.',
  explain({ evidence }) {
    const { status, authenticationSchemes: schemes = [] } = evidence.proxy ?? {};
    if (status === undefined || !wantsCredentials.includes(status)) return undefined;
    const onlyOthers = schemes.length > 0 && !schemes.includes('basic');
    return {
      confidence: 'certain',
      evidence: [
        `The proxy ${evidence.target.proxy ?? ''} answered CONNECT with ${status}.`,
        schemes.length > 0 ? `It offers ${schemes.join(', ')}.` : 'It names no scheme.',
      ],
      remedy: onlyOthers
        ? 'Ask the operators of the proxy for Basic authentication or an exemption for this machine.'
        : 'Configure user and password of the proxy, and check that they are right.',
    };
  },
};
