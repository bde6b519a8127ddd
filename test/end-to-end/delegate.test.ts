/** `sidelight check` beside a Java delegate: what we see, what it would see, and why they differ. */
import { beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { jks, pkcs12 } from '../support/java-trust-store.ts';
import { type Issued, makePki, toDer } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { sidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const pki = makePki(temporaryDirectory());
let delegateCa: Issued;
let gatewayCa: Issued;
let rsa: Issued;
let ec: Issued;
let holding: string;
let lacking: string;
let gateway: readonly string[];

beforeAll(() => {
  delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  const server = pki.server({ ca: gatewayCa });
  rsa = pki.leaf({ cn: 'delegate-1', ca: delegateCa, keyType: 'rsa' });
  ec = pki.leaf({ cn: 'delegate-2', ca: delegateCa });
  holding = pki.write('holding.jks', jks({ anchors: [toDer(gatewayCa.cert)] }));
  const bags = [{ der: toDer(delegateCa.cert) }];
  lacking = pki.write('lacking.p12', pkcs12({ bags, password: 'geheim' }));
  gateway = [
    ...['-cert', server.certPath, '-key', server.keyPath, '-CAfile', delegateCa.certPath],
    ...['-Verify', '1', '-verify_return_error'],
  ];
});

interface Given {
  readonly client: Issued;
  readonly serverArguments?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

async function check({ client, serverArguments = ['-www'], args = [], env = {} }: Given) {
  const running = await startSServer(...gateway, ...serverArguments);
  try {
    const { code, stdout } = await sidelight(
      [
        ...['check', `https://localhost:${running.port}/`, '--address', '127.0.0.1'],
        ...['--cert', client.certPath, '--key', client.keyPath, '--format', 'json'],
        ...['--state-dir', pki.dir, '--experiments', 'off', ...args],
      ],
      env,
    );
    return { code, report: JSON.parse(stdout) as Report };
  } finally {
    await running.stop();
  }
}

const withCa = (): readonly string[] => ['--ca', gatewayCa.certPath];
const codes = ({ warnings }: Report): readonly string[] => warnings.map(({ code }) => code);

test('without a sign of a delegate, nothing is said about one', async () => {
  const { code, report } = await check({ client: ec, args: withCa() });
  expect(code).toBe(0);
  expect(report).not.toHaveProperty('delegate');
  expect(report).not.toHaveProperty('delegateView');
});

test('a delegate with an RSA key and the CA of the gateway fares as we do', async () => {
  const args = [...withCa(), '--java-truststore', holding];
  const { code, report } = await check({ client: rsa, args });
  expect(code).toBe(0);
  expect(report.delegate).toMatchObject({
    trustStore: { format: 'jks', anchors: 1 },
    trustsServer: true,
  });
  expect(report.delegateView?.outcome).toBe('accepted');
});

test('a key of an elliptic curve is accepted of us, and stops the delegate', async () => {
  const args = [...withCa(), '--java-truststore', holding];
  const { code, report } = await check({ client: ec, args });
  expect(code).toBe(0);
  expect(report.outcome).toBe('accepted');
  expect(report.delegateView?.outcome).toBe('failed');
  expect(codes(report)).toContain('client-key-unusable-by-delegate');
});

test('that key is an alternative where we are refused', async () => {
  const stranger = pki.leaf({ cn: 'stranger', ca: pki.ca('Unknown CA') });
  const { code, report } = await check({
    client: stranger,
    args: [...withCa(), '--java-truststore', holding],
  });
  expect(code).toBe(1);
  expect(report.outcome).toBe('rejected');
  expect(report.alternatives).toContainEqual({
    code: 'client-key-unusable-by-delegate',
    confidence: 'possible',
  });
});

test('a delegate whose store lacks the CA fails where we are accepted', async () => {
  const env = {
    DELEGATE_NAME: 'delegate-1',
    JAVA_OPTS: `-Djavax.net.ssl.trustStore=${lacking} -Djavax.net.ssl.trustStorePassword=geheim`,
  };
  const { code, report } = await check({ client: rsa, args: withCa(), env });
  expect(code).toBe(0);
  expect(report.delegate).toMatchObject({
    trustStore: { format: 'pkcs12', anchors: 1 },
    trustsServer: false,
    distrust: 'no-path',
  });
  expect(report.delegateView?.outcome).toBe('failed');
  expect(codes(report)).toContain('trust-stores-disagree');
});

test('a gateway that only the delegate trusts is no fault of the gateway', async () => {
  const { code, report } = await check({ client: rsa, args: ['--java-truststore', holding] });
  expect(code).toBe(1);
  expect(report.cause).toMatchObject({ code: 'trust-stores-disagree', side: 'delegate' });
  expect(report.delegateView?.outcome).toBe('unconfirmed');
});

test('a name that does not match stops us and not the delegate', async () => {
  const args = [...withCa(), '--java-truststore', holding, '--server-name', 'elsewhere.example'];
  const { code, report } = await check({ client: rsa, args });
  expect(code).toBe(1);
  expect(report.cause?.code).toBe('server-certificate-name-mismatch');
  expect(report.delegateView?.because).toMatch(/compares no host names, so it goes on/);
});

test('Java sends no certificate to a gateway that names another CA', async () => {
  const other = pki.ca('Other CA');
  const args = [...withCa(), '--java-truststore', holding];
  const serverArguments = ['-www', '-verifyCAfile', delegateCa.certPath, '-CAfile', other.certPath];
  const { report } = await check({ client: rsa, serverArguments, args });
  expect(report.outcome).toBe('accepted');
  expect(report.delegateView).toMatchObject({ outcome: 'unconfirmed' });
  expect(codes(report)).toContain('delegate-sends-no-certificate');
});
