/** Which proxy the environment asks for, by the delegate's rules. */
import { expect, test } from 'vitest';
import { decideProxy, type Environment } from '../../src/target/proxy-decision.ts';
import { printableProxy } from '../../src/target/proxy-url.ts';

const corporate = { PROXY_HOST: 'proxy.corp', PROXY_PORT: '3128' };

function decide(env: Environment, host = 'gw.example.com', manager = false, port = 8443) {
  const decision = decideProxy({ host, port, manager, env });
  if (decision.kind === 'problem') return `${decision.problem.where}: ${decision.problem.what}`;
  return decision.proxy ? printableProxy(decision.proxy) : `direct: ${decision.because}`;
}

const none = 'direct: none of PROXY_HOST, https_proxy and HTTPS_PROXY is set';

const table: readonly [title: string, env: Environment, host: string, expected: string][] = [
  ['nothing is set', {}, 'gw.example.com', none],
  ['an empty variable says nothing', { PROXY_HOST: '', https_proxy: ' ' }, 'gw.example.com', none],
  ['http_proxy is not for TLS', { http_proxy: 'http://p:1' }, 'gw.example.com', none],
  ['the delegate names a proxy', corporate, 'gw.example.com', 'http://proxy.corp:3128'],
  [
    'a scheme, and its port',
    { PROXY_HOST: 'proxy.corp', PROXY_SCHEME: 'HTTPS' },
    'gw.example.com',
    'https://proxy.corp:443',
  ],
  [
    'user and password stay hidden',
    { ...corporate, PROXY_USER: 'ann', PROXY_PASSWORD: 'p@ss' },
    'gw.example.com',
    'http://***@proxy.corp:3128',
  ],
  [
    "the delegate's proxy goes before https_proxy",
    { ...corporate, https_proxy: 'http://other:1' },
    'gw.example.com',
    'http://proxy.corp:3128',
  ],
  [
    'lower case goes before upper case',
    { https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:2' },
    'gw.example.com',
    'http://low:1',
  ],
  ['a scheme may be left out', { HTTPS_PROXY: 'up:3128' }, 'gw.example.com', 'http://up:3128'],
  [
    'an IPv6 proxy',
    { PROXY_HOST: '2001:db8::1', PROXY_PORT: '1' },
    'gw.example.com',
    'http://[2001:db8::1]:1',
  ],
  [
    'a suffix exempts',
    { ...corporate, NO_PROXY: '.svc, .example.com' },
    'gw.example.com',
    'direct: NO_PROXY exempts gw.example.com by its entry ".example.com"',
  ],
  [
    'a suffix needs no dot, as in the delegate',
    { ...corporate, NO_PROXY: 'ample.com' },
    'gw.example.com',
    'direct: NO_PROXY exempts gw.example.com by its entry "ample.com"',
  ],
  [
    'case does not matter',
    { ...corporate, NO_PROXY: 'EXAMPLE.com' },
    'GW.Example.COM',
    'direct: NO_PROXY exempts GW.Example.COM by its entry "EXAMPLE.com"',
  ],
  [
    'a leading star is ignored',
    { ...corporate, NO_PROXY: '*.example.com' },
    'gw.example.com',
    'direct: NO_PROXY exempts gw.example.com by its entry "*.example.com"',
  ],
  [
    'a star alone exempts all',
    { ...corporate, NO_PROXY: '*' },
    'gw.example.com',
    'direct: NO_PROXY exempts gw.example.com by its entry "*"',
  ],
  [
    'a prefix does not exempt',
    { ...corporate, NO_PROXY: 'gw.example' },
    'gw.example.com',
    'http://proxy.corp:3128',
  ],
  [
    'empty entries exempt nothing',
    { ...corporate, NO_PROXY: ',, ,' },
    'gw.example.com',
    'http://proxy.corp:3128',
  ],
  [
    'an address range is not understood',
    { ...corporate, NO_PROXY: '10.0.0.0/8' },
    '10.1.2.3',
    'http://proxy.corp:3128',
  ],
  [
    'an address exempts itself',
    { ...corporate, NO_PROXY: '10.1.2.3' },
    '10.1.2.3',
    'direct: NO_PROXY exempts 10.1.2.3 by its entry "10.1.2.3"',
  ],
  [
    'an IPv6 address exempts itself',
    { ...corporate, NO_PROXY: '2001:db8::7' },
    '2001:db8::7',
    'direct: NO_PROXY exempts 2001:db8::7 by its entry "2001:db8::7"',
  ],
  [
    'an entry with the port in use exempts',
    { ...corporate, NO_PROXY: 'example.com:8443' },
    'gw.example.com',
    'direct: NO_PROXY exempts gw.example.com by its entry "example.com:8443"',
  ],
  [
    'an entry with another port does not',
    { ...corporate, NO_PROXY: 'example.com:443' },
    'gw.example.com',
    'http://proxy.corp:3128',
  ],
  [
    'the lower-case name is read when the other is empty',
    { ...corporate, NO_PROXY: '', no_proxy: 'example.com' },
    'gw.example.com',
    'direct: no_proxy exempts gw.example.com by its entry "example.com"',
  ],
  [
    'NO_PROXY applies to https_proxy too',
    { https_proxy: 'http://p:1', NO_PROXY: 'example.com' },
    'gw.example.com',
    'direct: NO_PROXY exempts gw.example.com by its entry "example.com"',
  ],
  [
    "the cluster's own address is exempt, as in the delegate",
    { ...corporate, KUBERNETES_SERVICE_HOST: '10.96.0.1' },
    '10.96.0.1',
    'direct: KUBERNETES_SERVICE_HOST exempts 10.96.0.1 by its entry "10.96.0.1"',
  ],
  [
    'this machine is exempt',
    corporate,
    '127.0.0.1',
    'direct: 127.0.0.1 is this machine, which no proxy leads to',
  ],
  [
    'this machine by name',
    corporate,
    'localhost',
    'direct: localhost is this machine, which no proxy leads to',
  ],
  ['a name that only looks like it is not', corporate, 'notlocalhost', 'http://proxy.corp:3128'],
  [
    'a scheme that is none',
    { ...corporate, PROXY_SCHEME: 'socks5' },
    'x',
    'PROXY_SCHEME: is no scheme of a proxy (6 characters, not shown)',
  ],
  [
    'a port that is none',
    { PROXY_HOST: 'p', PROXY_PORT: '99999' },
    'x',
    'PROXY_PORT: is no port (5 characters, not shown)',
  ],
  [
    'a host that is a URL',
    { PROXY_HOST: 'http://h:1/?tok=secret' },
    'x',
    'PROXY_HOST: is no host (22 characters, not shown)',
  ],
  [
    'a URL that is none',
    { https_proxy: 'socks5://u:secret@p' },
    'x',
    'https_proxy: is not the URL of an HTTP proxy (19 characters, not shown)',
  ],
];

test.for(table)('%s', ([, env, host, expected]) => {
  expect(decide(env, host)).toBe(expected);
});

test('PROXY_MANAGER=false exempts the manager and nobody else', () => {
  const env = { ...corporate, PROXY_MANAGER: 'false' };
  expect(decide(env, 'gw.example.com', true)).toBe(
    'direct: PROXY_MANAGER=false exempts the manager',
  );
  expect(decide(env, 'gw.example.com', false)).toBe('http://proxy.corp:3128');
  expect(decide({ ...corporate, PROXY_MANAGER: 'true' }, 'gw.example.com', true)).toBe(
    'http://proxy.corp:3128',
  );
});

test('user and password are given out only on demand, with escapes undone', () => {
  const ofDelegate = decideProxy({
    host: 'gw',
    port: 443,
    manager: false,
    env: { ...corporate, PROXY_USER: 'ann', PROXY_PASSWORD: 'a:b%40' },
  });
  const ofCurl = decideProxy({
    host: 'gw',
    port: 443,
    manager: false,
    env: { https_proxy: 'http://ann:p%40ss@p:1' },
  });
  expect(ofDelegate.kind === 'proxy' && ofDelegate.proxy?.userinfo?.reveal()).toBe('ann:a:b%40');
  expect(ofCurl.kind === 'proxy' && ofCurl.proxy?.userinfo?.reveal()).toBe('ann:p@ss');
  expect(JSON.stringify([ofDelegate, ofCurl])).not.toMatch(/ann|p@ss/);
});
