import { expect, test } from 'vitest';
import { recogniseProtocol } from '../../src/tls/first-octets.ts';

const said: readonly (readonly [string, string])[] = [
  ['ssh', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'],
  ['smtp', '220 mail.example.com ESMTP Postfix (Debian)\r\n'],
  ['smtp', '220 gateway.example.com\r\n'],
  ['smtp', '554 5.7.1 Service unavailable\r\n'],
  ['smtp', '421 4.3.2 too busy\r\n'],
  ['ftp', '220 (vsFTPd 3.0.3)\r\n'],
  ['ftp', '220 ftp.example.com FTP server ready\r\n'],
  ['ftp', '220---------- Welcome to Pure-FTPd ----------\r\n'],
  ['ftp', '220 Welcome to our service.\r\n'],
  ['ftp', '421 Too many connections, file transfer is busy\r\n'],
  ['imap', '* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n'],
  ['pop3', '+OK Dovecot ready.\r\n'],
  ['pop3', '-ERR Unknown.\r\n'],
  ['redis', "-ERR unknown command '\\x16'\r\n"],
  ['redis', '-ERR Protocol error: invalid bulk length\r\n'],
  ['redis', '-DENIED Redis is running in protected mode\r\n'],
  ['amqp', 'AMQP\0\0\x09\x01'],
  ['nats', 'INFO {"server_id":"x"}\r\n'],
  ['memcached', 'ERROR\r\n'],
  ['vnc', 'RFB 003.008\n'],
  ['nntp', '200 news.example.com InterNetNews NNRP server INN 2.6 ready\r\n'],
  ['mysql', 'J\0\0\0\x0a8.0.36\0'],
  ['mysql', '\x2a\0\0\x01\xff\x10\x04Too many connections'],
  ['postgresql', 'E\0\0\0\x8cSFATAL\0VFATAL\0C0A000\0'],
  ['postgresql', 'EFATAL:  unsupported frontend protocol\0'],
  ['postgresql', 'R\0\0\0\x08\0\0\0\0'],
  ['http2', '\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80'],
  ['http', '<html><body>Bad Request</body></html>'],
  ['ldap', '0\x24\x02\x01\0\x78\x1f\x0a\x01\x34'],
  ['telnet', '\xff\xfd\x18\xff\xfd\x20'],
  ['proxy-protocol', 'PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n'],
  ['unknown', '\x01\x02\x03garbage'],
  ['unknown', 'hello'],
  ['unknown', '\0'],
];

test.for(said)('%s is recognised in %j', ([protocol, text]) => {
  expect(recogniseProtocol(Buffer.from(text, 'latin1'))).toEqual({ protocol });
});

test.for([
  ['HTTP/1.1 400 Bad Request\r\n', 400],
  ['HTTP/1.0 502 Bad Gateway\r\n', 502],
  ['HTTP/2 403 \r\n', 403],
] as const)('the status of %j is %i', ([text, httpStatus]) => {
  expect(recogniseProtocol(Buffer.from(text))).toEqual({ protocol: 'http', httpStatus });
});

test('an HTTP answer with a status that is none is http without one', () => {
  expect(recogniseProtocol(Buffer.from('HTTP/1.1 9999 Odd\r\n'))).toEqual({ protocol: 'http' });
});

test.for([
  ['an alert of TLS 1.2', '15030300020228'],
  ['an alert of SSL 3.0', '15030000020228'],
  ['a ServerHello', '160303007a020000760303'],
  ['the first octet of a record', '16'],
  ['nothing', ''],
] as const)('%s looks like TLS', ([, hex]) => {
  expect(recogniseProtocol(Buffer.from(hex, 'hex'))).toBeUndefined();
});

test.for([
  ['a record of major version 2', '160203'],
  ['a record longer than any may be', '160303ffff'],
] as const)('%s does not', ([, hex]) => {
  expect(recogniseProtocol(Buffer.from(hex, 'hex'))).toEqual({ protocol: 'unknown' });
});

test('a long hostile answer costs little time', () => {
  const started = performance.now();
  for (const text of ['220 '.repeat(50_000), '<?xml '.repeat(50_000), ' '.repeat(200_000)]) {
    recogniseProtocol(Buffer.from(text));
  }
  expect(performance.now() - started).toBeLessThan(50);
});
