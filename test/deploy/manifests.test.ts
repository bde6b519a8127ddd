/** What is handed to Kubernetes, to systemd and to an image builder, held to their own rules. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pod, Secret } from 'kubernetes-models/v1';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = join(import.meta.dirname, '../..');
const directory = temporaryDirectory();
const read = (path: string): string => readFileSync(join(root, 'deploy', path), 'utf8');

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: { readonly limits: Readonly<Record<string, string>> };
  readonly volumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[];
  readonly envFrom: readonly Readonly<Record<string, { readonly name: string }>>[];
}

interface Values {
  readonly custom_containers?: readonly Container[];
  readonly custom_init_containers?: readonly Container[];
  readonly custom_volumes: readonly { readonly name: string }[];
}

const files = ['values-sidecar.yaml', 'values-init.yaml', 'values-init-gate.yaml'] as const;

/** As Go's reader and as YAML 1.2 understands it: a file must mean the same to both. */
function valuesOf(file: string): Values {
  const text = read(`helm/${file}`);
  const values = parse(text, { version: '1.1' });
  expect(parse(text, { version: '1.2' })).toEqual(values);
  return values;
}

const containersOf = (values: Values): readonly Container[] => [
  ...(values.custom_containers ?? []),
  ...(values.custom_init_containers ?? []),
];

/** The pod that the chart makes of the values: it copies the blocks into its own. */
function podOf(values: Values) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'my-delegate' },
    spec: {
      securityContext: { fsGroup: 1001, runAsUser: 0 },
      containers: [{ name: 'delegate', image: 'delegate' }, ...(values.custom_containers ?? [])],
      initContainers: values.custom_init_containers ?? [],
      volumes: values.custom_volumes,
    },
  };
}

type PodFields = ConstructorParameters<typeof Pod>[0];

test.for(files)("%s fits Kubernetes' schema", (file) => {
  const pod = podOf(valuesOf(file));
  new Pod(pod as unknown as PodFields).validate();
});

test('the schema finds what is wrong', () => {
  const values = { custom_volumes: [], custom_containers: [{ image: 1 }] };
  const pod = podOf(values as unknown as Values);
  expect(() => new Pod(pod as unknown as PodFields).validate()).toThrow();
  expect(() => new Secret({ metadata: 1 } as never).validate()).toThrow();
});

/** The schema lets unknown keys pass; the compiler, given the same as types, does not. */
test('no key is misspelled', () => {
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  const path = join(directory, 'pods.ts');
  const pods = [...files.map((file) => podOf(valuesOf(file))), misspelled];
  const literals = pods.map((pod) => `({ pod: ${JSON.stringify(pod)} }) satisfies { pod: IPod };`);
  writeFileSync(
    path,
    ["import type { IPod } from 'kubernetes-models/v1';", ...literals].join('\n'),
  );
  const flags = [
    '--noEmit',
    '--ignoreConfig',
    '--skipLibCheck',
    '--strict',
    '--module',
    'nodenext',
  ];
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), [...flags, path], {
    encoding: 'utf8',
  });
  const faults = stdout.split('\n').filter((line) => line.includes('error'));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain('volumeMount');
});

const misspelled = {
  spec: { containers: [{ name: 'a', image: 'b', volumeMount: [] }] },
};

test.for(files)('%s asks for no more than it needs', (file) => {
  const values = valuesOf(file);
  for (const container of containersOf(values)) {
    expect(container.securityContext).toEqual({
      runAsUser: 1001,
      runAsGroup: 1001,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.resources.limits).toEqual({ memory: '192Mi' });
    const writable = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
    expect(writable.map(({ name }) => name)).toEqual(
      container.name === 'sidelight' ? ['sidelight-state'] : [],
    );
    const volumes = values.custom_volumes.map(({ name }) => name);
    expect(volumes).toEqual(expect.arrayContaining(container.volumeMounts.map(({ name }) => name)));
    // Of the Secret that bears the delegate's own name, which holds its token, nothing is taken.
    const secrets = container.envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []);
    expect(secrets).toEqual(['my-delegate-proxy']);
  }
});

test.for(files)(
  '%s calls Sidelight as Sidelight can be called, with an end where others wait',
  (file) => {
    for (const { name, command = [], args } of containersOf(valuesOf(file))) {
      const line = [...command, ...args].join(' ');
      const [, ofSidelight = ''] = /(?:^|\/sidelight )((?:check|run)\b[^|]*)/.exec(line) ?? [];
      expect(parseCommandLine(ofSidelight.trim().split(' '))).toMatchObject({
        command: name === 'sidelight' ? 'run' : 'check',
        problems: [],
      });
      if (name !== 'sidelight') expect(line).toContain('timeout 60 ');
    }
  },
);

test('the reporting init container lets the delegate start, the gate does not', () => {
  const [report] = containersOf(valuesOf('values-init.yaml'));
  const [gate] = containersOf(valuesOf('values-init-gate.yaml'));
  const statusOf = ({ command = [], args }: Container): number | null => {
    const refusing = [...command, ...args].map((word) =>
      word.replace('/usr/local/bin/sidelight', '/bin/false'),
    );
    return spawnSync(refusing[0] ?? '', refusing.slice(1)).status;
  };
  expect(report && statusOf(report)).toBe(0);
  expect(gate && statusOf(gate)).toBe(1);
});

const analyzer = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
const version = Number(/^systemd (\d+)/.exec(analyzer.stdout ?? '')?.[1] ?? 0);

test.runIf(version > 0).for(['sidelight.service', 'sidelight-home.service'])(
  'systemd understands %s, and calls its exposure low',
  (name) => {
    const path = join(directory, name);
    const unit = read(`systemd/${name}`);
    writeFileSync(
      path,
      unit.replace('ExecStart=/usr/local/bin/sidelight', `ExecStart=${process.execPath}`),
    );
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
    });
    // Both came with systemd 254; before that they are passed over.
    const recent = version >= 254 ? [] : ['RestartSteps', 'RestartMaxDelaySec'];
    const complaints = stderr
      .trim()
      .split('\n')
      .filter((line) => line !== '');
    expect(complaints.filter((line) => !recent.some((key) => line.includes(`'${key}'`)))).toEqual(
      [],
    );
    const analysis = execFileSync('systemd-analyze', ['security', '--offline=true', path], {
      encoding: 'utf8',
    });
    expect(Number(/exposure level for .*: ([\d.]+)/.exec(analysis)?.[1])).toBeLessThan(2);
  },
);

test('what the images copy is in the context that they are built from', () => {
  const allowed = readFileSync(join(root, '.dockerignore'), 'utf8');
  for (const file of ['Dockerfile', 'Dockerfile.sidecar']) {
    const text = read(`docker/${file}`);
    const args = new Map([...text.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, k, v]) => [k, v]));
    const sources = [...text.matchAll(/^COPY (?:--\S+ )*(\S+) \S+$/gm)].map(([, source = '']) =>
      source.replace(/^\$\{(\w+)\}$/, (_, name) => args.get(name) ?? ''),
    );
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(allowed).toContain(`!${source}\n`);
  }
  expect(read('docker/Dockerfile')).not.toMatch(/^(?:USER|WORKDIR) /m);
  expect(read('docker/Dockerfile.sidecar')).toMatch(/^USER 1001:0$/m);
});
