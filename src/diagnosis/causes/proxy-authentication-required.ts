/** The proxy wants to know who we are. */
import type { Cause } from '../cause.ts';

export const proxyAuthenticationRequired: Cause = {
  code: 'proxy-authentication-required',
  title: 'The proxy requires authentication',
  side: 'proxy',
  documentation:
    'The proxy answered CONNECT with 407: no credentials were given, the ones given are wrong, or the proxy speaks only schemes other than Basic, such as NTLM or Negotiate. The gateway was never reached. Configure user and password of the proxy, or have this machine exempted.',
  explain({ evidence }) {
    if (evidence.proxy?.status !== 407) return undefined;
    const schemes = evidence.proxy.authenticationSchemes ?? [];
    const onlyOthers = schemes.length > 0 && !schemes.includes('basic');
    return {
      confidence: 'certain',
      evidence: [
        `The proxy ${evidence.target.proxy ?? ''} answered CONNECT with 407.`,
        schemes.length > 0 ? `It offers ${schemes.join(', ')}.` : 'It names no scheme.',
      ],
      remedy: onlyOthers
        ? 'Ask the operators of the proxy for Basic authentication or an exemption for this machine.'
        : 'Configure user and password of the proxy, and check that they are right.',
    };
  },
};
