/** What the help and the manual page say after an option's description. */
import type { CommandName, OptionSpec } from '../config/option.ts';

/** ` (a, b; default: a)`, with the space before it; empty when there is nothing to say. */
export function remarksOn(option: OptionSpec, command: CommandName): string {
  const { choices } = option;
  const standard = option.defaultFor?.[command] ?? option.default ?? option.defaultText;
  const remarks = [
    ...(choices ? [choices.join(', ')] : []),
    ...(standard === undefined ? [] : [`default: ${standard}`]),
  ];
  return remarks.length === 0 ? '' : ` (${remarks.join('; ')})`;
}
