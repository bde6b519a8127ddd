/** A carrier that is loaded when there is something to carry: what nobody needs takes no memory. */
import type { Carrier } from './carrier.ts';

/** `load` is asked again when it failed. */
export function lateCarrier(load: () => Promise<Carrier>): Carrier {
  let loaded: Carrier | undefined;
  return {
    carry: async (batch, signal) => {
      loaded ??= await load();
      return loaded.carry(batch, signal);
    },
    hasChanged: async () => (await loaded?.hasChanged?.()) ?? false,
    close: async () => {
      await loaded?.close();
    },
  };
}
