/** The real executable as another user, with names of its own, or without any network: in namespaces of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Looker } from './looker.ts';

const program = join(import.meta.dirname, '../../../bin/sidelight.ts');

/** Whether this process may make namespaces and become someone else. */
export const isRoot = process.getuid?.() === 0;

const nobody = 65_534;

/** As a container's user, who owns nothing. */
export const asNobody: Looker = (argv, env) =>
  run(process.execPath, [program, ...argv], env, { uid: nobody, gid: nobody });

/** Files of `directory` in the place of these, for the program alone; what is absent stays as it is. */
export interface Names {
  /** Lines of /etc/hosts. */
  readonly hosts?: readonly string[];
  /** The resolver that is asked for everything else. */
  readonly nameserver?: string;
}

/** A mount namespace of its own, in which `names` stand in /etc; they are written anew before each look. */
export function withNames(directory: string, names: () => Names): Looker {
  return (argv, env) => {
    const { hosts = [], nameserver = '127.0.0.1' } = names();
    const write = (name: string, lines: readonly string[]): string => {
      const path = join(directory, name);
      writeFileSync(path, `${lines.join('\n')}\n`);
      return path;
    };
    const mounts = [
      [write('hosts', hosts), '/etc/hosts'],
      [
        write('resolv.conf', [`nameserver ${nameserver}`, 'options timeout:1 attempts:1']),
        '/etc/resolv.conf',
      ],
      [write('nsswitch.conf', ['hosts: files dns']), '/etc/nsswitch.conf'],
    ].map(([from, to]) => `mount --bind ${from} ${to}`);
    return inNamespace(['--mount'], [...mounts, 'exec "$@"'].join(' && '), argv, env);
  };
}

/** A network namespace of its own: it has no route to anywhere. */
export const withoutNetwork: Looker = (argv, env) => inNamespace(['--net'], 'exec "$@"', argv, env);

function inNamespace(
  kinds: readonly string[],
  script: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const command = ['sh', '-c', script, 'sh', process.execPath, program, ...argv];
  return run('unshare', [...kinds, ...command], env, {});
}

async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  as: { readonly uid?: number; readonly gid?: number },
) {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...as,
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, ...said };
}
