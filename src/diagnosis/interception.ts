/** Products that open TLS on the way and sign certificates of their own, known by the names that they sign with. */
import type { CertificateSeen } from '../evidence/evidence.ts';

interface InspectionProduct {
  readonly product: string;
  /** One of these, in lower case, is part of every name that the product signs with. */
  readonly words: readonly string[];
  /** Whether a distinguished name, in RFC 4514 form, is one that the product signs with. */
  readonly isNamed: (name: string) => boolean;
}

type Attribute = 'CN' | 'O' | 'OU' | 'DC';

/** One attribute of a name, whole: vendors' names occur in public authorities' names as well. */
const has =
  (attribute: Attribute, value: RegExp): InspectionProduct['isNamed'] =>
  (name) =>
    valuesOf(name, attribute).some((text) => value.test(text));

const any =
  (...tests: readonly InspectionProduct['isNamed'][]): InspectionProduct['isNamed'] =>
  (name) =>
    tests.some((test) => test(name));

const product = (
  name: string,
  words: readonly string[],
  isNamed: InspectionProduct['isNamed'],
): InspectionProduct => ({ product: name, words, isNamed });

/**
 * Names under which these products are known to sign by default. They are conventions, not standards: versions differ,
 * and an administrator may give the authority any name, so that no match says nothing.
 */
const products: readonly InspectionProduct[] = [
  product(
    'Zscaler',
    ['zscaler'],
    any(has('O', /^zscaler\b/i), has('CN', /^zscaler\b.*\b(?:ca|root)\b/i)),
  ),
  product(
    'Netskope',
    ['goskope', 'certadmin', 'netskope'],
    any(has('CN', /\.goskope\.com$|^certadmin$|^netskope\b/i), has('O', /^netskope\b/i)),
  ),
  product(
    'Palo Alto Networks',
    ['palo alto networks', 'prisma access', 'globalprotect'],
    any(
      has('O', /^palo alto networks\b/i),
      has('CN', /^(?:prisma access|globalprotect)\b.*\bca\b/i),
    ),
  ),
  product(
    'Fortinet FortiGate',
    ['fortinet', 'fg'],
    any(
      has('O', /^fortinet(?: ltd\.?)?$/i),
      has('CN', /^fortinet_(?:ca_|untrusted_ca|sub_ca)/i),
      has('CN', /^fg(?:t|vm|\d)[0-9a-z]{8,}$/i),
    ),
  ),
  product(
    'Check Point',
    ['check point', 'checkpoint'],
    any(has('CN', /^check ?point\b/i), has('O', /^check ?point\b/i)),
  ),
  product(
    'Cisco Umbrella or Secure Web Appliance',
    ['cisco', 'ironport'],
    any(
      has('CN', /^cisco umbrella\b/i),
      has('CN', /^(?:cisco (?:web security|secure web) appliance|ironport)\b/i),
      has('OU', /^cisco umbrella\b/i),
    ),
  ),
  product('Cisco Meraki', ['meraki'], has('CN', /^(?:cisco )?meraki\b/i)),
  product(
    'Sophos',
    ['sophos', 'webadmin ca', 'securityappliance'],
    any(
      has('CN', /^sophos\b/i),
      has('O', /^sophos\b/i),
      has('CN', /\bwebadmin ca$|^securityappliance_ssl_ca/i),
    ),
  ),
  product(
    'Blue Coat or Symantec ProxySG',
    ['blue coat', 'bluecoat', 'proxysg', 'symantec'],
    any(
      has('O', /^blue coat\b/i),
      has('CN', /^blue ?coat\b/i),
      has('CN', /^(?:proxysg|symantec (?:web security service|proxysg|wss))\b/i),
      has('OU', /^proxysg\b/i),
    ),
  ),
  product(
    'Cato Networks',
    ['cato networks'],
    any(has('O', /^cato networks\b/i), has('CN', /^cato networks\b/i)),
  ),
  product(
    'Forcepoint or Websense',
    ['forcepoint', 'websense'],
    any(has('O', /^(?:forcepoint|websense)\b/i), has('CN', /^(?:forcepoint|websense)\b/i)),
  ),
  product(
    'Skyhigh or McAfee Web Gateway',
    ['mcafee', 'skyhigh', 'musarubra'],
    any(
      has('CN', /^(?:mcafee web gateway|skyhigh\b)/i),
      has('O', /^(?:skyhigh security|musarubra)\b/i),
    ),
  ),
  product(
    'Aruba',
    ['aruba', 'silver peak'],
    any(
      has('CN', /^(?:aruba\b.*\bca\b|securelogin\.arubanetworks\.com)$/i),
      has('O', /^silver peak\b/i),
    ),
  ),
  product('Huawei', ['huawei'], has('CN', /^huawei\b.*\b(?:proxy|usg|firewall|ssl)\b/i)),
  product(
    'Ubiquiti',
    ['unifi', 'ubiquiti'],
    any(has('CN', /^(?:unifi|ubiquiti)\b/i), has('O', /^ubiquiti\b/i)),
  ),
  product('Barracuda', ['barracuda'], any(has('O', /^barracuda/i), has('CN', /^barracuda/i))),
  product(
    'WatchGuard',
    ['watchguard', 'fireware'],
    any(has('O', /^watchguard/i), has('CN', /^fireware (?:https|web) proxy\b/i)),
  ),
  product(
    'SonicWall',
    ['sonicwall'],
    any(
      has('CN', /^sonicwall\b/i),
      has('O', /^sonicwall\b/i),
      has('OU', /^sonicwall\b.*\bdpi-ssl\b/i),
    ),
  ),
  product(
    'Juniper',
    ['juniper', 'ssl-inspect-ca'],
    has('CN', /^(?:juniper\b.*\bssl\b|ssl-inspect-ca)/i),
  ),
  product(
    'Cloudflare Gateway',
    ['cloudflare'],
    any(
      has('CN', /^(?:gateway ca - cloudflare|cloudflare for teams)\b/i),
      has('OU', /^gateway ca - cloudflare\b/i),
    ),
  ),
  product('iboss', ['iboss'], any(has('CN', /^iboss\b/i), has('O', /^iboss\b/i))),
  product(
    'Smoothwall',
    ['smoothwall'],
    any(has('CN', /^smoothwall\b/i), has('O', /^smoothwall\b/i)),
  ),
  product(
    'Untangle or Arista NG Firewall',
    ['untangle', 'arista'],
    has('O', /^(?:untangle|arista ng firewall)\b/i),
  ),
  product(
    'Stormshield',
    ['stormshield', 'ssl proxy default authority'],
    has('CN', /^stormshield\b.*\bproxy\b|^ssl proxy default authority$/i),
  ),
  product(
    'Squid',
    ['squid'],
    any(has('CN', /^squid\b.*\b(?:ca|proxy)\b/i), has('O', /^squid\b/i), has('OU', /^squid\b/i)),
  ),
  product('pfSense', ['squid'], has('CN', /^(?:internal|pfsense)[- ].*\bsquid\b/i)),
  product('mitmproxy', ['mitmproxy'], any(has('CN', /^mitmproxy$/i), has('O', /^mitmproxy$/i))),
  product(
    'Charles',
    ['charles', 'xk72'],
    any(has('CN', /^charles proxy\b/i), has('O', /^xk72\b/i)),
  ),
  product(
    'Fiddler',
    ['do_not_trust'],
    any(has('CN', /^do_not_trust_fiddlerroot$/i), has('O', /^do_not_trust(?:_bc)?$/i)),
  ),
  product(
    'Burp Suite',
    ['portswigger'],
    any(has('CN', /^portswigger ca$/i), has('O', /^portswigger\b/i)),
  ),
  product(
    'Kaspersky',
    ['kaspersky'],
    any(
      has('CN', /^kaspersky\b.*\b(?:root|certification authority)\b/i),
      has('O', /^ao kaspersky lab$/i),
    ),
  ),
  product(
    'ESET',
    ['eset'],
    any(has('CN', /^eset ssl filter ca$/i), has('O', /^eset,? spol\. s ?r\. ?o\.$/i)),
  ),
  product(
    'Avast or AVG',
    ['avast', 'avg'],
    any(
      has('CN', /^(?:avast!?|avg(?: technologies)?) (?:web\/mail shield|untrusted)\b/i),
      has('O', /^(?:avast|avg) web\/mail shield$/i),
      has('OU', /^generated by (?:avast|avg) antivirus\b/i),
    ),
  ),
  product(
    'Bitdefender',
    ['bitdefender'],
    any(has('CN', /^bitdefender\b.*\bca\b/i), has('OU', /^bitdefender\b/i)),
  ),
  product(
    'Trend Micro',
    ['trend micro', 'trendmicro'],
    any(
      has('CN', /^trend ?micro\b.*\b(?:proxy|ca|interscan)\b/i),
      has('OU', /^trend ?micro\b/i),
      has('O', /^trend ?micro\b.*\b(?:iws|interscan)\b/i),
    ),
  ),
  product(
    'Dr.Web',
    ['dr.web', 'drweb', 'doctor web'],
    any(has('CN', /^dr\.?web\b/i), has('O', /^dr\.?web\b|^doctor web\b/i)),
  ),
  product('Norton', ['norton'], has('CN', /^norton (?:web\/mail shield|security)\b/i)),
];

/** The product whose authority issued the leaf or stands above it in the chain sent; undefined when none is known. */
export function inspectionProductOf(chain: readonly CertificateSeen[]): string | undefined {
  const names = new Set(chain.flatMap(({ issuer }) => (issuer === undefined ? [] : [issuer])));
  for (const name of names) {
    const text = name.toLowerCase();
    // The words first: to compile the expressions of all products takes a millisecond of every check.
    const found = products.find(
      ({ words, isNamed }) => words.some((word) => text.includes(word)) && isNamed(name),
    );
    if (found) return found.product;
  }
  return undefined;
}

/** The values of one attribute in RFC 4514 text, unescaped. Attributes of one RDN stand apart by `+`. */
function valuesOf(name: string, attribute: Attribute): readonly string[] {
  return name.split(/(?<!\\)[,+]/).flatMap((part) => {
    const [, type, value = ''] = /^\s*([A-Za-z]+)=(.*)$/s.exec(part) ?? [];
    return type?.toUpperCase() === attribute ? [value.replace(/\\(.)/g, '$1')] : [];
  });
}
