/** Somebody whom home notifies of incidents: where, in which shape, signed with what. */
import { sanitise } from '../base/sanitise.ts';
import { isLoopbackHost } from './parse-url.ts';

export const notifyFormats = ['cloudevents', 'alertmanager', 'slack', 'teams'] as const;
export type NotifyFormat = (typeof notifyFormats)[number];

export interface NotifyReceiver {
  /** Unique; stands in logs and metrics, so it holds no secret. */
  readonly name: string;
  readonly format: NotifyFormat;
  /** `https:`, or `http:` to this machine. That of a chat is a secret itself: it stands in no output. */
  readonly url: URL;
  /** One secret a line: all of them sign, so that one can replace another. */
  readonly secretPath?: string;
}

/** What is wrong, without any of the text. */
export interface NotifyFault {
  readonly what: string;
}

const maxLength = 2_048;

/** `[FORMAT+]URL`. */
export function parseNotifyUrl(text: string): Omit<NotifyReceiver, 'name'> | NotifyFault {
  const [, prefix, rest = ''] = /^(?:([a-z]+)\+)?(https?:\/\/\S+)$/i.exec(text) ?? [];
  const format = notifyFormats.find((name) => name === (prefix ?? 'cloudevents').toLowerCase());
  const url = text.length > maxLength || /[\\\p{Cc}]/u.test(text) ? null : URL.parse(rest);
  if (!url || url.port === '0') return { what: 'is no [FORMAT+]URL with http:// or https://' };
  if (!format) return { what: `has a format that is none of ${notifyFormats.join(', ')}` };
  if (url.username !== '' || url.password !== '') {
    return { what: 'holds a user or password, which is never sent' };
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return { what: 'would carry notifications in clear over a network' };
  }
  url.hash = '';
  return { format, url };
}

/** The URL's host, with a number where several share it. */
export function namedReceivers(
  receivers: readonly (Omit<NotifyReceiver, 'name'> & { readonly name?: string })[],
): readonly NotifyReceiver[] {
  const taken = new Set(receivers.flatMap(({ name }) => name ?? []));
  return receivers.map((receiver) => {
    const name = receiver.name ?? freeName(sanitise(receiver.url.host, 80), taken);
    taken.add(name);
    return { ...receiver, name };
  });
}

function freeName(host: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? host : `${host}-${number}`;
    if (!taken.has(name)) return name;
  }
}
