/** Where syslog goes: `udp://host:514`, `tcp://host:514`, `tls://host:6514`. */
import { isIP } from 'node:net';
import type { SyslogReceiver } from './config.ts';
import type { OptionSpec } from './option.ts';
import { expectedOf, type Parsed, quotedUrl } from './parsed.ts';

/** Of TLS by RFC 5425, of UDP by RFC 5426; what listens for TCP listens on the latter. */
const defaultPorts = { udp: 514, tcp: 514, tls: 6514 } as const;

const form =
  /^(?<protocol>udp|tcp|tls):\/\/(?:\[(?<ipv6>[0-9a-f:.]+)\]|(?<name>[a-z0-9_.-]{1,253}))(?::(?<digits>\d{1,5}))?\/?$/i;

export function parseSyslogUrl(text: string, option: OptionSpec): Parsed<SyslogReceiver> {
  const { protocol = '', ipv6, name, digits } = form.exec(text)?.groups ?? {};
  const host = ipv6 ?? name ?? '';
  const scheme = protocol.toLowerCase();
  const port = digits === undefined ? undefined : Number(digits);
  const isHost = ipv6 === undefined ? host !== '' : isIP(ipv6) === 6;
  if (!isProtocol(scheme) || !isHost || port === 0 || (port ?? 0) > 65_535) {
    return { what: `${quotedUrl(text)} is no syslog receiver`, expected: expectedOf(option) };
  }
  return {
    value: { protocol: scheme, host, port: port ?? defaultPorts[scheme] },
    printable: text,
  };
}

function isProtocol(scheme: string): scheme is keyof typeof defaultPorts {
  return Object.hasOwn(defaultPorts, scheme);
}
