/** Stands in the place of `src/probe/look.ts` in a soak: looks at the simulated world that its clock belongs to. */
import type { look as lookAtNetwork } from '../../src/probe/look.ts';
import { World } from './world.ts';

export const look: typeof lookAtNetwork = (target, credential, context, options) => {
  const { clock } = options;
  if (!(clock instanceof World)) throw new TypeError('a soak looks at its own world only');
  return clock.look(target, credential, context !== undefined, options);
};
