/** The settings of one target. */
import type { Problem } from '../base/cannot-run.ts';
import { sanitise } from '../base/sanitise.ts';
import {
  type CredentialConfig,
  type TargetConfig,
  type TlsConfig,
  type TlsVersion,
  tlsVersions,
} from './config.ts';
import {
  caPlaces,
  delegateCa,
  delegatePair,
  isManager,
  pairPlaces,
} from './delegate-environment.ts';
import type { AgentSources } from './delegate-sources.ts';
import type { LoadInput } from './load-config.ts';
import { loadDelegateSide } from './load-delegate-side.ts';
import type { NamedTarget } from './load-targets.ts';
import { type OpensslList, unknownToOpenssl } from './openssl-lists.ts';
import { variableOf } from './option.ts';
import { type OptionName, optionSpec } from './options.ts';
import { checkPair } from './own-files.ts';
import { type Findings, isSaid, type Place, type Setting, settle } from './settings.ts';
import { settleProxy } from './settle-proxy.ts';

/** `settle` for the settings of one target. */
interface TargetSettings {
  readonly sources: AgentSources;
  readonly findings: Findings;
  place(name: OptionName): Place;
}

export function loadTarget(
  { url, fileTarget }: NamedTarget,
  index: number,
  input: LoadInput,
  sources: AgentSources,
  findings: Findings,
): TargetConfig {
  const place = (name: OptionName): Place => ({
    as: `targets[${index}].${name}`,
    ...(fileTarget !== undefined && { fileTarget }),
  });
  const settings: TargetSettings = { sources, findings, place };
  const serverName = settle('serverName', sources, findings, place('serverName'))?.value;
  const address = settle('address', sources, findings, place('address'))?.value;
  const manager = isManager(sources.delegate, url);
  const settled = settleProxy('proxy', url, manager, sources, findings, place('proxy'));
  const { proxy, exempted } = settled;
  const credential = loadCredential(input, settings);
  const tls = loadTls(settings);
  const delegate = loadDelegateSide(input, sources, findings, place('javaTruststore'));
  const websocketPath = loadWebsocket(url, settings);
  return {
    url,
    ...(serverName !== undefined && { serverName }),
    ...(address !== undefined && { address }),
    ...(proxy && { proxy }),
    ...(exempted && { exemptedProxy: exempted }),
    credential,
    tls,
    ...(delegate && { delegate }),
    ...(websocketPath !== undefined && { websocketPath }),
  };
}

/** What stands in these files is evidence, whatever is wrong with it: only their names are settled here. */
function loadCredential(
  { exists }: LoadInput,
  { sources, findings, place }: TargetSettings,
): CredentialConfig {
  const ours = isSaid('cert', sources, place('cert')) || isSaid('key', sources, place('key'));
  const pair = ours ? undefined : delegatePair(sources.delegate, exists);
  const half = (name: 'cert' | 'key') =>
    settle(name, sources, findings, {
      ...place(name),
      ...(ours ? {} : from(pair?.[name], pairPlaces[name])),
    });
  const [cert, key] = [half('cert'), half('key')];
  const passphrase = settle('passphraseFile', sources, findings, place('passphraseFile'));
  const foundCa = delegateCa(sources.delegate, exists);
  const isOurCa = isSaid('ca', sources, place('ca'));
  const ca = settle('ca', sources, findings, { ...place('ca'), ...from(foundCa, caPlaces) });
  const crl = settle('crl', sources, findings, place('crl'));
  checkPair(cert, key, ['cert', 'key'], findings.problems);
  if (passphrase && !cert && !key) findings.problems.push(passphraseAlone(passphrase));
  return {
    ...(cert && { certPath: cert.value }),
    ...(key && { keyPath: key.value }),
    ...(!cert && !key && { lookedFor: certificatePlaces(sources) }),
    ...(passphrase && { passphrasePath: passphrase.value }),
    ...(ca && (isOurCa ? { caPath: ca.value } : { extraCaPath: ca.value })),
    ...(crl && { crlPath: crl.value }),
  };
}

/** What the delegate says, or where it was looked for in vain. */
function from(
  found: { readonly path: string; readonly origin: string } | undefined,
  places: readonly string[],
): Place {
  if (found) return { otherwise: { raw: found.path, origin: found.origin } };
  return { looked: `looked for ${places.join(', ')}` };
}

/** All of them, ours first. */
function certificatePlaces({ file }: AgentSources): readonly string[] {
  const inFile = file ? `"cert" in ${sanitise(file.path)}` : 'a configuration file (none given)';
  const option = optionSpec('cert');
  return [`--${option.flag}`, variableOf(option) ?? [], inFile, ...pairPlaces.cert].flat();
}

function passphraseAlone({ origin: where }: Setting<string>): Problem {
  return {
    where,
    what: 'is given without a private key',
    expected: '--cert FILE and --key FILE beside it',
  };
}

function loadTls(settings: TargetSettings): TlsConfig {
  const { sources, findings, place } = settings;
  const min = settle('tlsMin', sources, findings, place('tlsMin'));
  const max = settle('tlsMax', sources, findings, place('tlsMax'));
  if (min && max && min.value > max.value) {
    findings.problems.push({
      where: min.origin === 'default' ? max.origin : min.origin,
      what: `the lowest version, ${min.value}, is above the highest, ${max.value}`,
      expected: '--tls-min at most --tls-max',
    });
  }
  const alpn = settle('alpn', sources, findings, place('alpn'))?.value ?? [];
  const groups = loadList('groups', settings);
  const signatureAlgorithms = loadList('signatureAlgorithms', settings);
  const ciphers = loadList('ciphers', settings);
  return {
    minVersion: versionOf(min),
    maxVersion: versionOf(max),
    alpn,
    ...(groups && { groups }),
    ...(signatureAlgorithms && { signatureAlgorithms }),
    ...(ciphers && { ciphers }),
  };
}

function versionOf(setting: Setting<string> | undefined): TlsVersion {
  return tlsVersions.find((version) => version === setting?.value) ?? '1.2';
}

function loadList(
  name: OpensslList,
  { sources, findings, place }: TargetSettings,
): readonly string[] | undefined {
  const list = settle(name, sources, findings, place(name));
  if (!list) return undefined;
  const unknown = unknownToOpenssl(name, list.value);
  if (unknown.length > 0) {
    const what = `OpenSSL does not take ${unknown.map((text) => `"${text}"`).join(', ')}`;
    const expected = `names as OpenSSL spells them, such as ${examples[name]}`;
    findings.problems.push({ where: list.origin, what, expected });
  }
  return list.value;
}

const examples: Readonly<Record<OpensslList, string>> = {
  groups: 'X25519:P-256',
  signatureAlgorithms: 'ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256',
  ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256',
};

function loadWebsocket(url: URL, { sources, findings, place }: TargetSettings): string | undefined {
  const path = settle('websocket', sources, findings, place('websocket'));
  if (path && url.protocol === 'wss:') {
    findings.problems.push({
      where: path.origin,
      what: 'names a path to upgrade, and so does the wss:// URL',
      expected: 'one of them: https:// with --websocket, or wss:// without',
    });
  }
  return path?.value;
}
