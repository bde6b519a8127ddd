/** The Java delegate beside us, read from its files: what it trusts, and by which rules. */
import type { DelegateConfig } from '../../config/config.ts';
import { type DelegateSide, toDelegateSide } from '../../evidence/delegate-side.ts';
import type { TrustStoreSeen } from '../../evidence/evidence.ts';
import { type Anchors, toAnchors } from '../../x509/anchors.ts';
import { readFile } from '../read-file.ts';
import type { StorePassword } from './store-password.ts';
import { readTrustStore } from './trust-store.ts';

const maxStoreBytes = 16 * 1024 * 1024;

/** Reads the trust store synchronously, once, and never throws: what is wrong stands in `seen`. */
export function loadDelegate(config: DelegateConfig): DelegateSide {
  const { trustStorePath: path, trustStorePassword: password, trustsAll, fips } = config;
  const store = path === undefined ? {} : loadStore(path, password);
  return toDelegateSide(
    {
      ...(store.seen && { trustStore: store.seen }),
      ...(trustsAll && { trustsAll }),
      ...(fips && { fips }),
    },
    store.anchors,
  );
}

interface Store {
  readonly seen?: TrustStoreSeen;
  readonly anchors?: Anchors;
}

function loadStore(path: string, password: StorePassword): Store {
  const { seen: file, octets } = readFile(path, maxStoreBytes);
  // What Java falls back on without the file is not known here.
  if (octets === undefined) return { seen: { file } };
  const { format, anchors: read, fault } = readTrustStore(octets, password);
  // An encrypted store without a password is an empty one to Java; every other fault leaves its anchors unknown.
  if (fault !== undefined) {
    const isEmpty = fault === 'password-missing';
    return { seen: { file, format, fault }, ...(isEmpty && { anchors: toAnchors([]) }) };
  }
  const anchors = toAnchors(read);
  return { seen: { file, format, anchors: anchors.count }, anchors };
}
