/** `sidelight bundle` and `sidelight show`, as support and those who call it use them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { corpus } from '../report/corpus.ts';
import { attack } from '../report/hostile.ts';
import { type Issued, makePki, openssl } from '../support/openssl.ts';
import { startSServer } from '../support/s-server.ts';
import { sidelight } from '../support/sidelight.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const at = (name: string): string => join(directory, name);
const canary = 'c4nary-7f3e9d';
let gatewayCa: Issued;
let server: Issued;
let client: Issued;
let delegateCa: Issued;

beforeAll(() => {
  const pki = makePki(directory);
  delegateCa = pki.ca('Delegate CA');
  gatewayCa = pki.ca('Gateway CA');
  server = pki.server({ ca: gatewayCa });
  client = pki.leaf({ cn: 'delegate-1', ca: delegateCa });
  writeFileSync(at('report.json'), JSON.stringify(corpus['client-ca-changed']));
});

const unpacked = (path: string): Readonly<Record<string, string>> => {
  const folder = `${path}.d`;
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', path, '-C', folder]);
  const inner = join(folder, 'sidelight-bundle');
  return Object.fromEntries(
    readdirSync(inner).map((name) => [name, readFileSync(join(inner, name), 'utf8')]),
  );
};

test('a bundle holds the report of a fresh look, configuration, facts and history, and no secret', async () => {
  const keyPath = at('encrypted.key');
  openssl([
    'pkcs8',
    '-topk8',
    '-in',
    client.keyPath,
    '-out',
    keyPath,
    '-passout',
    `pass:${canary}-passphrase`,
  ]);
  writeFileSync(at('passphrase'), `${canary}-passphrase\n`);
  writeFileSync(at('token'), `${canary}-home-token\n`);
  const earlier = { ...corpus['expired'], id: '019ab1c2-d3e4-7f50-8a6b-7c8d9e0f1a99' };
  const leaky = { ...earlier, target: { ...earlier.target, url: `https://gw/?token=${canary}` } };
  writeFileSync(at('events.log'), `${JSON.stringify(leaky)}\nnot a report ${canary}\n`);
  const running = await startSServer(
    ...[
      '-tls1_3',
      '-cert',
      server.certPath,
      '-key',
      server.keyPath,
      '-CAfile',
      delegateCa.certPath,
    ],
    ...['-Verify', '1', '-verify_return_error', '-www'],
  );
  writeFileSync(
    at('sidelight.json'),
    JSON.stringify({
      home: { url: 'http://127.0.0.1:1/', tokenFile: at('token') },
      targets: [{ url: `https://localhost:${running.port}/x?token=${canary}-query` }],
    }),
  );
  const env = {
    DELEGATE_TOKEN: `${canary}-token`,
    ACCOUNT_SECRET: `${canary}-secret`,
    PROXY_USER: `${canary}-user`,
    PROXY_PASSWORD: `${canary}-password`,
    HTTP_PROXY: `http://ann:${canary}@proxy:3128`,
    MANAGER_HOST_AND_PORT: `https://gw.example?token=${canary}`,
    JAVA_OPTS: `-Djavax.net.ssl.trustStorePassword=${canary}`,
    SOMETHING_ELSE: `${canary}-else`,
    SIDELIGHT_LOG_FILE: at('events.log'),
    NO_PROXY: 'localhost',
  };
  const path = at('all.tar.gz');
  try {
    const { code, stdout, stderr } = await sidelight(
      [
        ...['bundle', '--config', at('sidelight.json'), '--address', '127.0.0.1', '--output', path],
        ...['--cert', client.certPath, '--key', keyPath, '--passphrase-file', at('passphrase')],
        ...['--ca', gatewayCa.certPath, '--state-dir', at('state')],
      ],
      env,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('report.json');
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .slice(1)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain(canary);
  } finally {
    await running.stop();
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const files = unpacked(path);
  expect(Object.keys(files).sort()).toEqual([
    ...['README.txt', 'configuration.json', 'environment.json', 'history.ndjson'],
    ...['last-accepted.json', 'manifest.json', 'report.html', 'report.json', 'report.txt'],
    'status.json',
  ]);
  expect(JSON.parse(files['status.json'] ?? '')).toMatchObject({
    schema: 'sidelight.status/1',
    source: 'directory',
    targets: [{ label: expect.stringMatching(/^https:\/\/localhost:\d+\/x 127\.0\.0\.1$/) }],
  });
  expect(JSON.parse(files['report.json'] ?? '')).toMatchObject({ outcome: 'accepted' });
  expect(files['report.txt']).toMatch(/^Accepted: localhost port \d+ accepts this delegate\.\n/);
  expect(JSON.parse(files['history.ndjson'] ?? '')).toMatchObject({ id: earlier.id });
  expect(JSON.parse(files['last-accepted.json'] ?? '')).toHaveLength(1);
  expect(files['environment.json']).toContain('"DELEGATE_TOKEN": "set, not shown"');
  expect(files['environment.json']).not.toContain('SOMETHING_ELSE');
  const keyLines = readFileSync(keyPath, 'utf8').split('\n').slice(1, -2);
  const plainLines = client.key.split('\n').slice(1, -2);
  for (const [name, text] of Object.entries(files)) {
    expect(text, name).not.toContain(canary);
    for (const line of [...keyLines, ...plainLines]) expect(text, name).not.toContain(line);
  }
  const shown = await sidelight(['show', path]);
  expect({ code: shown.code, stderr: shown.stderr }).toEqual({ code: 0, stderr: '' });
  expect(shown.stdout).toContain('Earlier reports, oldest first');
  expect(shown.stdout).toContain('The agent that ran there\nUnknown: ');
  expect(shown.stdout).not.toContain(canary);
});

const half = 'c4nary-8b2f';
const planted: readonly [title: string, env: Readonly<Record<string, string>>][] = [
  ['a slash', { HTTPS_PROXY: `http://joe:AAAA/${half}@proxy.example:3128` }],
  ['a space', { HTTPS_PROXY: `http://joe:AAAA ${half}@proxy.example:3128` }],
  ['an @', { HTTPS_PROXY: `http://joe:AAAA@${half}@proxy.example:3128` }],
  ['a question mark', { https_proxy: `http://joe:AAAA?${half}@proxy.example:3128` }],
  ['no scheme', { HTTP_PROXY: `//joe:${half}@h` }],
  ['half of a scheme', { ALL_PROXY: `http:/joe:${half}@h:1` }],
  ['a proxy without a host', { HTTPS_PROXY: `joe:${half}` }],
  ['a host with a query', { PROXY_HOST: `http://h:1/?Qtok=${half}` }],
  ['a port that is none', { PROXY_HOST: 'h', PROXY_PORT: half }],
  ['a list that is none', { NO_PROXY: `localhost,http://joe:${half}@h` }],
  ['a token with a space', { LOG_STREAMING_SERVICE_URL: `https://l/?token=AAAA ${half}` }],
  ['a token with a quote', { TI_SERVICE_URL: `https://l/?token=AAAA"${half}` }],
  ['a manager with a password', { MANAGER_HOST_AND_PORT: `https://joe:80/${half}@gw` }],
  ['targets with a password', { SIDELIGHT_TARGETS: `https://joe:AAAA ${half} BBBB@gw` }],
];

test.for(planted)('no part of a secret is packed or shown: %s', async ([title, env]) => {
  const path = at(`${title}.tar.gz`);
  const url = 'SIDELIGHT_TARGETS' in env || 'MANAGER_HOST_AND_PORT' in env ? [] : ['127.0.0.1:1'];
  const options = ['--experiments', 'off', '--state-dir', at('kept')];
  const [packed, shown] = await Promise.all([
    sidelight(['bundle', ...url, ...options, '--output', path], env),
    sidelight(['check', ...url, ...options, '--show-config'], env),
  ]);
  expect(packed.code).toBe(0);
  const said = [packed, shown].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  for (const text of [...said, ...Object.values(unpacked(path))]) expect(text).not.toContain(half);
});

test("the delegate's variables are told from where they stand, and what is not in its place is not", async () => {
  const proxyFile = at('proxy.config');
  writeFileSync(proxyFile, 'PROXY_HOST=127.0.0.9\nPROXY_PORT=9\nNO_PROXY=.example,10.0.0.0/8\n');
  writeFileSync(
    at('config.env'),
    [
      ...['ACCOUNT_ID=ACC', 'URL=https://localhost:1', 'NAME=green', `TOKEN=${canary}`],
      ...['WORKING_DIR=/work', 'JAVA_HOME=/jdk', `PROXY_CONFIG_FILE=${proxyFile}`],
      `FIPS_ENABLED=${canary}`,
    ].join('\n'),
  );
  const path = at('delegate-env.tar.gz');
  const args = ['bundle', '--experiments', 'off', '--state-dir', at('kept'), '--output', path];
  const env = { HTTPS_PROXY: 'http://ann:AAAA@127.0.0.8:3128', NAME: 'DESKTOP', PROXY_PORT: '7' };
  await sidelight([...args, '--delegate-env', at('config.env')], env);
  const files = unpacked(path);
  const { proxyVariables, delegateVariables, versions } = JSON.parse(
    files['environment.json'] ?? '',
  );
  expect(proxyVariables).toEqual({
    HTTPS_PROXY: 'http://***@127.0.0.8:3128',
    NO_PROXY: `.example,10.0.0.0/8 (in ${proxyFile})`,
    PROXY_HOST: `127.0.0.9 (in ${proxyFile})`,
    PROXY_PORT: `9 (in ${proxyFile})`,
    PROXY_CONFIG_FILE: `${proxyFile} (in ${at('config.env')})`,
  });
  const inFile = `(in ${at('config.env')})`;
  expect(delegateVariables).toEqual({
    URL: `https://localhost:1 ${inFile}`,
    ACCOUNT_ID: `ACC ${inFile}`,
    NAME: `green ${inFile}`,
    TOKEN: `set, not shown ${inFile}`,
    WORKING_DIR: `/work ${inFile}`,
    JAVA_HOME: `/jdk ${inFile}`,
    FIPS_ENABLED: `set, 13 characters, not shown, for it is neither true nor false ${inFile}`,
  });
  expect(versions).not.toHaveProperty('undici');
  expect(Object.values(files).join('')).not.toContain(canary);
  const alone = at('no-account.tar.gz');
  await sidelight([...args.slice(0, -1), alone, '127.0.0.1:1'], env);
  expect(JSON.parse(unpacked(alone)['environment.json'] ?? '').delegateVariables).toEqual({});
});

test('an earlier report is packed in place of a look, and standard output takes the archive', async () => {
  const path = at('from-report.tar.gz');
  const args = ['bundle', '--report', at('report.json'), '--state-dir', at('none')];
  expect(await sidelight([...args, '--output', path])).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(unpacked(path)['report.json'] ?? '')).toEqual(corpus['client-ca-changed']);
  expect(readdirSync(directory)).not.toContain('none');
  const piped = await sidelight([...args, '--output', '-']);
  expect(piped.code).toBe(0);
  expect(piped.stdout).not.toContain('Packed');
  expect(piped.stderr).toMatch(/^Packed for support: standard output, \d+ octets\n/);
});

test('a configuration that cannot be used is packed with what is wrong with it', async () => {
  writeFileSync(at('bad.json'), `{ "timeout": 3, "proxy": "http://a:${canary}@p:1:1" }`);
  const path = at('bad.tar.gz');
  const line = ['bundle', '--config', at('bad.json'), '--output', path, '--state-dir', at('none')];
  const { code, stderr } = await sidelight(line);
  expect(code).toBe(0);
  expect(stderr).toContain('no look was made');
  const files = unpacked(path);
  expect(JSON.parse(files['configuration.json'] ?? '')).toMatchObject({
    problems: expect.arrayContaining([expect.objectContaining({ what: 'is a number' })]),
    settings: expect.arrayContaining([expect.objectContaining({ setting: 'delegate.name' })]),
  });
  expect(Object.values(files).join('') + stderr).not.toContain(canary);
  const { stdout } = await sidelight(['show', path]);
  expect(stdout).toContain('What is wrong with the configuration');
});

test('a mistyped option packs nothing', async () => {
  const { code, stderr } = await sidelight(['bundle', '--reprot', 'x']);
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean --report?');
});

test('where it cannot be written, standard output is suggested', async () => {
  const { code, stderr } = await sidelight(['bundle', 'gw', '--output', at('none/b.tar.gz')]);
  expect(code).toBe(2);
  expect(stderr).toContain('or --output - for standard output');
});

test.for([
  ['a report', 'report.json'],
  ['a report from standard input', '-'],
] as const)('show prints %s as check printed it', async ([, file]) => {
  const argument = file === '-' ? file : at(file);
  const root = join(import.meta.dirname, '../..');
  const stdout = execFileSync(
    process.execPath,
    [join(root, 'bin/sidelight.ts'), 'show', argument],
    {
      input: readFileSync(at('report.json')),
      encoding: 'utf8',
    },
  );
  expect(stdout).toBe(readFileSync(join(root, 'test/golden/text/client-ca-changed.txt'), 'utf8'));
});

test('show writes every report of a log, as JSON or text, and says what it left out', async () => {
  const reports = [corpus['expired'], corpus['accepted']];
  const lines = [...reports.map((report) => JSON.stringify(report)), 'x', '{}'];
  writeFileSync(at('log.ndjson'), lines.join('\n'));
  const json = await sidelight(['show', at('log.ndjson'), '--format', 'json']);
  expect(
    json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(reports);
  expect(json.stderr).toBe(
    'sidelight: line or entry 3 is left out: it is no JSON, or too long\n' +
      'sidelight: line or entry 4 is left out: its schema is not sidelight.report/1\n',
  );
  const text = await sidelight(['show', at('log.ndjson')]);
  expect(text.stdout.match(/^(Rejected|Accepted): /gm)).toHaveLength(2);
  const page = at('page.html');
  const html = await sidelight(['show', at('log.ndjson'), '--format', 'html', '--output', page]);
  expect(html).toMatchObject({ code: 0, stdout: '' });
  expect(html.stderr).toContain('2 reports; the page shows the newest');
  expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
});

test('what a stranger sent cannot move the cursor, and is never unpacked to disk', async () => {
  const report = corpus['accepted'];
  const agent = { ...report?.agent, host: attack };
  const tls = { ...report?.tls, alpn: attack, certificateAuthorities: [attack] };
  writeFileSync(at('hostile.json'), JSON.stringify({ ...report, agent, tls, later: attack }));
  const path = at('hostile.tar.gz');
  const args = ['bundle', '--report', at('hostile.json'), '--output', path];
  expect((await sidelight([...args, '--state-dir', at('none')])).code).toBe(0);
  const before = readdirSync(directory).sort();
  for (const format of ['text', 'json', 'html']) {
    const { code, stdout } = await sidelight(['show', path, '--format', format]);
    expect(code).toBe(0);
    const unsafe = [...stdout].filter((each) => /[\p{Cc}\u202e]/u.test(each) && each !== '\n');
    expect(unsafe).toEqual([]);
  }
  expect(readdirSync(directory).sort()).toEqual(before);
});

test.for([
  ['nothing', '', 'holds no report'],
  ['something else', '{"a":1}', 'line or entry 1, its schema is not sidelight.report/1'],
  ['octets', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'does not unpack'],
] as const)('show says what is wrong with %s', async ([name, content, what]) => {
  writeFileSync(at(name), content);
  const { code, stdout, stderr } = await sidelight(['show', at(name)]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(what);
  expect(stderr).not.toContain('fault of its own');
});

test('show says when there is no file, and stops at one without an end', async () => {
  expect((await sidelight(['show', at('gone')])).stderr).toContain('(ENOENT)');
  expect((await sidelight(['show', '/dev/zero'])).stderr).toContain('(TOO_LARGE)');
});

test('the same report, clock aside, is packed to the same files in the same order', async () => {
  const names = async (path: string) => {
    await sidelight([
      'bundle',
      '--report',
      at('report.json'),
      '--output',
      path,
      '--state-dir',
      at('none'),
    ]);
    const plain = gunzipSync(readFileSync(path));
    return execFileSync('tar', ['-t'], { input: plain, encoding: 'utf8' });
  };
  expect(await names(at('one.tar.gz'))).toBe(await names(at('two.tar.gz')));
});
