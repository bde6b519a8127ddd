/** Credentials as they were read, shared by the targets that name the same files: a context of OpenSSL's takes 100 KB. */
import type { TargetConfig } from '../config/config.ts';
import type { LoadCredential, LoadedCredential } from './credential-store.ts';

interface Kept {
  readonly stamps: string;
  /** Weakly: what no target uses any more, a private key above all, is not kept. */
  readonly loaded: WeakRef<LoadedCredential>;
}

/** More kinds of credential than one agent uses; one beyond it is read for itself. */
const maxKept = 64;

export function shareCredentials(load: (config: TargetConfig) => LoadedCredential): LoadCredential {
  const kept = new Map<string, Kept>();
  return (config, stampsRead) => {
    const stamps = stampsRead.join('\n');
    const key = JSON.stringify([config.credential, config.tls]);
    const before = kept.get(key);
    const shared = before?.stamps === stamps ? before.loaded.deref() : undefined;
    if (shared) return shared;
    const loaded = load(config);
    if (kept.size >= maxKept && !before) kept.clear();
    kept.set(key, { stamps, loaded: new WeakRef(loaded) });
    return loaded;
  };
}
