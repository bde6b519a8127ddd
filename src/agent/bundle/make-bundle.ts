/** Packs what support needs of one machine into one archive: reports, configuration, facts, history; secrets never. */
import type { Problem } from '../../base/cannot-run.ts';
import { isoTime } from '../../base/clock.ts';
import { version } from '../../base/version.ts';
import type { Config, SettingOrigin } from '../../config/config.ts';
import type { DelegateSources } from '../../config/delegate-sources.ts';
import { html } from '../../format/html.ts';
import { wrap } from '../../format/paragraph.ts';
import { text } from '../../format/text.ts';
import { clean } from '../../report/clean.ts';
import type { Report } from '../../report/report.ts';
import type { Status } from '../../report/status.ts';
import { packArchive } from './archive.ts';
import { bundleSchemaName, fileNames, type Manifest } from './contents.ts';
import { environmentFacts } from './environment-facts.ts';
import { readHistory } from './history.ts';
import { knownSecrets, withoutSecrets } from './known-secrets.ts';

export interface BundleInput {
  /** In the order in which they are to be read. */
  readonly reports: readonly Report[];
  /** Absent when it could not be loaded; then `problems` say why. */
  readonly config?: Config;
  readonly problems: readonly Problem[];
  /** Every setting that was found, with or without a configuration. */
  readonly origins: readonly SettingOrigin[];
  readonly delegate: DelegateSources;
  /** Where baselines and waiting reports are, with or without a configuration. */
  readonly stateDir?: string;
  /** Of the agent that runs here. */
  readonly status: Status;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hostname: string;
  readonly clock: Parameters<typeof readHistory>[0]['clock'];
}

export interface Bundle {
  readonly octets: Uint8Array;
  readonly manifest: Manifest;
}

interface Member {
  readonly name: string;
  readonly what: string;
  readonly text: string;
}

/** Asks nothing and touches no network. */
export function makeBundle(input: BundleInput): Bundle {
  const { clock, config, env, hostname, delegate } = input;
  const nowMs = clock.now();
  const secrets = knownSecrets([env, delegate.env], config);
  const members = [
    ...reportMembers(input.reports),
    configurationMember(input),
    environmentMember(input),
    statusMember(input),
    ...historyMembers(input),
  ].map((member) => ({ ...member, text: withoutSecrets(member.text, secrets) }));
  const manifest: Manifest = {
    schema: bundleSchemaName,
    time: isoTime(nowMs),
    host: hostname,
    version,
    contents: members.map(({ name, what, text: content }) => ({
      name,
      sizeBytes: Buffer.byteLength(content),
      what,
    })),
  };
  const all = [
    { name: fileNames.readme, text: readme(manifest) },
    { name: fileNames.manifest, text: pretty(manifest) },
    ...members,
  ];
  const entries = all.map(({ name, text: content }) => ({
    name: `sidelight-bundle/${name}`,
    content: Buffer.from(content),
  }));
  return { octets: packArchive(entries, nowMs), manifest };
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function reportMembers(reports: readonly Report[]): readonly Member[] {
  return reports.flatMap((report, index) => {
    const { host, port } = report.target;
    const about = `the report about ${host} port ${port}`;
    const name = (extension: string): string => fileNames.report(index, extension);
    return [
      { name: name('json'), what: `${about}: ${report.outcome}`, text: pretty(report) },
      {
        name: name('txt'),
        what: 'the same for a person',
        text: text(report, { colour: false, verbose: true }),
      },
      { name: name('html'), what: 'the same as a page for a browser', text: html(report) },
    ];
  });
}

function configurationMember({ origins, problems }: BundleInput): Member {
  const isUsable = problems.length === 0;
  const what = `${isUsable ? '' : 'what is wrong with the configuration, and '}every setting with its origin, secrets redacted`;
  const content = clean({ ...(!isUsable && { problems }), settings: origins });
  return { name: fileNames.configuration, what, text: pretty(content) };
}

function environmentMember({ env, delegate, hostname, reports, config }: BundleInput): Member {
  const hosts = [
    ...reports.map(({ target }) => target.host),
    ...(config?.targets ?? []).map(({ url }) => url.hostname),
  ];
  const facts = environmentFacts({ env, delegate, hostname, hosts });
  const what = 'system, container, user, time, resolver, proxies, versions';
  return { name: fileNames.environment, what, text: pretty(facts) };
}

function statusMember({ status }: BundleInput): Member {
  const what = `how the agent stands that runs here: ${status.verdict}`;
  return { name: fileNames.status, what, text: pretty(status) };
}

function historyMembers({ config, stateDir, clock, reports }: BundleInput): readonly Member[] {
  const { logFile } = config ?? {};
  const history = readHistory({
    ...(stateDir !== undefined && { stateDir }),
    ...(logFile !== undefined && { logFile }),
    clock,
  });
  const known = new Set(reports.map(({ id }) => id));
  const earlier = history.reports.filter(({ id }) => !known.has(id));
  const lines = earlier.map((report) => `${JSON.stringify(report)}\n`).join('');
  return [
    { name: fileNames.history, what: `earlier reports: ${earlier.length}`, text: lines },
    {
      name: fileNames.accepted,
      what: `last accepted looks, one for each target: ${history.accepted.length}`,
      text: pretty(history.accepted),
    },
  ];
}

function readme({ time, host, contents }: Manifest): string {
  const list = contents.flatMap(({ name, what }) =>
    wrap(what, `  ${name.padEnd(20)} `, ' '.repeat(23)),
  );
  return `What Sidelight ${version} found out on ${host} at ${time}.

${list.join('\n')}

Read report.txt, open report.html in a browser, or let Sidelight show all of it:

  sidelight show THIS-FILE.tar.gz

No key, passphrase, token, password or URL query is in it, and the environment
only as far as environment.json names it.
`;
}
