/** Secrets that cannot be printed by accident, and what is printed of a text that may be one. */
import { inspect } from 'node:util';

/** Only `reveal` gives it out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** What stands for a text that is not what it should be, and so may hold a secret. */
export function unshown(text: string): string {
  return `${text.length} ${text.length === 1 ? 'character' : 'characters'}, not shown`;
}
