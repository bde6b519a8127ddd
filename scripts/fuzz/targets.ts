/** The one place where a target is registered: its key is the word for `--only` and the folder of its corpus. */
import type { FuzzTarget } from './target.ts';

type Load = () => Promise<FuzzTarget>;

export const fuzzTargets = {
  'tls-stream': async () => (await import('./targets/tls-stream.ts')).tlsStream,
  'tls-sealed': async () => (await import('./targets/tls-sealed.ts')).tlsSealed,
  'x509-certificate': async () => (await import('./targets/x509.ts')).certificate,
  'x509-name': async () => (await import('./targets/x509.ts')).name,
  'x509-crl': async () => (await import('./targets/x509.ts')).makeCrl(),
  'x509-ocsp': async () => (await import('./targets/x509.ts')).ocsp,
  pem: async () => (await import('./targets/pem.ts')).pem,
  'key-store': async () => (await import('./targets/key-store.ts')).keyStore,
  'config-file': async () => (await import('./targets/config.ts')).configFile,
  'config-environment': async () => (await import('./targets/config.ts')).configEnvironment,
  'command-line': async () => (await import('./targets/config.ts')).commandLine,
  replay: async () => (await import('./targets/replay.ts')).replay,
  'home-event': async () => (await import('./targets/home-event.ts')).homeEvent,
  'http-answer': async () => (await import('./targets/http-answer.ts')).httpAnswer,
  'proxy-answer': async () => (await import('./targets/http-answer.ts')).proxyAnswer,
} as const satisfies Readonly<Record<string, Load>>;

export type FuzzTargetName = keyof typeof fuzzTargets;

export const fuzzTargetNames = Object.keys(fuzzTargets) as readonly FuzzTargetName[];

export function isFuzzTargetName(name: string): name is FuzzTargetName {
  return Object.hasOwn(fuzzTargets, name);
}
