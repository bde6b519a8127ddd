/** What is known of a trust store's password. */
import type { DelegateConfig } from '../../config/config.ts';

/** A secret is what Java was told, and Java fails when it is wrong; `none`: it was told the store without one. */
export type StorePassword = DelegateConfig['trustStorePassword'];

/** What to try: undefined for none, and the usual one where nothing is said. */
export function passwordText(password: StorePassword): string | undefined {
  if (password === 'none') return undefined;
  return password?.reveal() ?? 'changeit';
}
