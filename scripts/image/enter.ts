/** Runs the executable in a tree as a container would: a root that is read-only, namespaces of its own, uid 1001, no capabilities. */
import { type ChildProcess, spawn } from 'node:child_process';
import { delegateUser } from './tree.ts';

/** Mounts live in a namespace of their own, and end with it. */
const script = `
set -e
mount --bind "$0" "$0"
mount -t proc -o nosuid,nodev,noexec proc "$0/proc"
for device in null zero urandom; do mount --bind "/dev/$device" "$0/dev/$device"; done
mount -o remount,bind,ro "$0"
exec setpriv --no-new-privs --clear-groups --inh-caps=-all \
  unshare --root="$0" --wd=/opt/harness-delegate --setgid=${delegateUser.gid} --setuid=${delegateUser.uid} \
  /usr/local/bin/sidelight "$@"
`;

/** The first process of its namespace is the executable. Ends with the returned child. */
export function enter(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const flags = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];
  return spawn('unshare', [...flags, 'sh', '-c', script, root, ...args], {
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
