/** A credential, or the delegate's trust store, that changed while an agent runs: taken for the next look, and judged before it. */
import type { TargetConfig } from '../config/config.ts';
import type { PreflightFindings } from '../report/report.ts';
import type { CredentialStore } from './credential-store.ts';
import type { DelegateStore } from './delegate-store.ts';
import type { Ports } from './ports.ts';

/**
 * Each call takes what has settled since the last, and gives what is wrong with it: undefined when nothing changed, when
 * nothing is wrong, when the same was told of the same certificate last, and of files that cannot be used at all, which
 * the look itself tells. The first files are no news. Where the delegate's trust store alone is another, only what is
 * wrong with that is told.
 */
export function newCredentialJudge(
  { credential: files }: TargetConfig,
  store: CredentialStore,
  beside: DelegateStore,
  ports: Pick<Ports, 'clock' | 'uid'>,
): () => Promise<PreflightFindings | undefined> {
  let told = '';
  return async () => {
    const before = store.inUse;
    const isOtherTrustStore = beside.hasChanged;
    const { credential, context } = store.current();
    if (before === undefined || !context) return undefined;
    const isOther = before.credential !== credential;
    if (!isOther && !isOtherTrustStore) return undefined;
    const delegate = await beside.current();
    // Most agents never see a new credential.
    const { findFaults } = await import('./preflight/find-faults.ts');
    const all = findFaults(credential, files, delegate?.seen, ports);
    const found = isOther ? all : ofTrustStore(all);
    const news = found ? keyOf(found) : '';
    if (news === told) return undefined;
    told = news;
    return found;
  };
}

function ofTrustStore(found: PreflightFindings | undefined): PreflightFindings | undefined {
  const checks = found?.checks.filter(({ code }) => code === 'java-truststore-unusable') ?? [];
  return found && checks.length > 0 ? { ...found, checks } : undefined;
}

/** Sentences say how long ago something ended: they differ each time. */
function keyOf({ clientCertificate, checks }: PreflightFindings): string {
  return JSON.stringify([
    clientCertificate?.sha256,
    checks.map(({ code, outcome }) => [code, outcome]),
  ]);
}
