/** Products that open TLS, by the names of their authorities; and names that only resemble them. */
import { expect, test } from 'vitest';
import { inspectionProductOf } from '../../src/diagnosis/interception.ts';
import { serverCertificate } from '../support/evidence.ts';

const productOf = (issuer: string): string | undefined =>
  inspectionProductOf([serverCertificate({ issuer })]);

test.for([
  ['Zscaler', 'CN=Zscaler Intermediate Root CA (zscalerthree.net),OU=Zscaler Inc.,O=Zscaler Inc.'],
  ['Netskope', 'CN=ca.acme.goskope.com,OU=0123456789abcdef,O=Acme,C=US'],
  ['Netskope', 'CN=certadmin,OU=certadmin,O=netSkope Inc,L=Los Altos,ST=CA,C=US'],
  ['Palo Alto Networks', 'CN=fw-decrypt,O=Palo Alto Networks'],
  ['Palo Alto Networks', 'CN=Prisma Access Forward Trust CA'],
  ['Fortinet FortiGate', 'CN=FGVM01TM19000000,OU=Certificate Authority,O=Fortinet'],
  ['Fortinet FortiGate', 'CN=Fortinet_CA_SSL,O=Acme'],
  ['Check Point', 'CN=Check Point Firewall CA'],
  ['Cisco Umbrella or Secure Web Appliance', 'CN=Cisco Umbrella Primary SubCA,O=Cisco'],
  ['Cisco Umbrella or Secure Web Appliance', 'CN=IronPort Appliance Demo Certificate'],
  ['Cisco Meraki', 'CN=Meraki Content Filtering'],
  ['Sophos', 'CN=Sophos SSL CA_C01001ABCDEF,O=Sophos'],
  ['Sophos', 'CN=SecurityAppliance_SSL_CA'],
  ['Blue Coat or Symantec ProxySG', 'CN=10.0.0.1,OU=4711,O=Blue Coat SG600 Series'],
  ['Blue Coat or Symantec ProxySG', 'CN=Symantec Web Security Service CA'],
  ['Cato Networks', 'CN=Cato Networks Root CA,O=Cato Networks'],
  ['Forcepoint or Websense', 'CN=Forcepoint Cloud CA,O=Forcepoint LLC'],
  ['Forcepoint or Websense', 'CN=Websense Public Primary Certificate Authority'],
  ['Skyhigh or McAfee Web Gateway', 'CN=McAfee Web Gateway Root CA'],
  ['Skyhigh or McAfee Web Gateway', 'CN=tenant,O=Skyhigh Security'],
  ['Aruba', 'CN=Aruba Instant On CA'],
  ['Huawei', 'CN=Huawei USG SSL Proxy'],
  ['Ubiquiti', 'CN=UniFi Gateway CA,O=Ubiquiti Inc.'],
  ['Barracuda', 'CN=BarracudaWebFilter,O=Barracuda Networks'],
  ['WatchGuard', 'CN=Fireware HTTPS Proxy (SN 80DA 2016) CA,OU=Fireware,O=WatchGuard_Technologies'],
  ['SonicWall', 'CN=SonicWall Firewall DPI-SSL,O=SonicWall Inc.'],
  ['Juniper', 'CN=ssl-inspect-ca'],
  ['Cloudflare Gateway', 'CN=Gateway CA - Cloudflare Managed G1 0123456789abcdef'],
  ['iboss', 'CN=iboss SSL Decryption CA'],
  ['Smoothwall', 'CN=Smoothwall-default-root-certificate-authority'],
  ['Untangle or Arista NG Firewall', 'CN=www.untangle.com,O=Untangle,C=US'],
  ['Stormshield', 'CN=SSL proxy default authority,O=Acme'],
  ['Squid', 'CN=Squid proxy CA'],
  ['pfSense', 'CN=internal-squid-ca'],
  ['mitmproxy', 'CN=mitmproxy,O=mitmproxy'],
  [
    'Charles',
    'CN=Charles Proxy CA (1 Jan 2026\\, laptop),OU=https://charlesproxy.com/ssl,O=XK72 Ltd',
  ],
  ['Fiddler', 'CN=DO_NOT_TRUST_FiddlerRoot,O=DO_NOT_TRUST,OU=Created by http://www.fiddler2.com'],
  ['Burp Suite', 'CN=PortSwigger CA,O=PortSwigger'],
  ['Kaspersky', 'CN=Kaspersky Anti-Virus Personal Root Certificate,O=AO Kaspersky Lab'],
  ['ESET', 'CN=ESET SSL Filter CA,O=ESET\\, spol. s r. o.,C=SK'],
  ['Avast or AVG', 'CN=Avast Web/Mail Shield Root,O=Avast Web/Mail Shield'],
  ['Avast or AVG', 'CN=AVG Web/Mail Shield Root,O=AVG Web/Mail Shield'],
  ['Bitdefender', 'CN=Bitdefender Personal CA.Net-Defender,OU=IDS,O=Bitdefender'],
  ['Trend Micro', 'CN=Trend Micro InterScan Web Security CA'],
  ['Dr.Web', 'CN=Dr.Web for SSL,O=Doctor Web Ltd.'],
  ['Norton', 'CN=Norton Web/Mail Shield Root'],
] as const)('%s signs as %s', ([product, issuer]) => {
  expect(productOf(issuer)).toBe(product);
});

test.for([
  'CN=Symantec Class 3 Secure Server CA - G4,OU=Symantec Trust Network,O=Symantec Corporation,C=US',
  'CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1,O=DigiCert Inc,C=US',
  'CN=Cloudflare Inc ECC CA-3,O=Cloudflare\\, Inc.,C=US',
  'CN=CloudFlare Origin Certificate,OU=CloudFlare Origin CA',
  'CN=HydrantID SSL ICA G2,O=HydrantID (Avalanche Cloud Corporation),OU=Cisco',
  'CN=Cisco Root CA 2048,O=Cisco Systems',
  'CN=Cisco Licensing Root CA,O=Cisco',
  'CN=Huawei Equipment CA,O=Huawei',
  'CN=Huawei Cloud TLS CA,O=HuaweiCloud',
  'CN=Not Zscaler at all,O=Example',
  'CN=api.example,O=The mitmproxy Fan Club',
  'CN=mitmproxy-gateway.example',
  'CN=Squidward Industries Root',
  'CN=Charles Stross Books CA',
  'CN=Internal Services CA,O=Example',
  'CN=Meridian Root CA',
  'CN=Sentinel CA,OU=Zscaler',
  'CN=Aruba Island Bank,O=Banco di Aruba',
  'CN=Trend Setters CA',
  'CN=Delegate CA\\,O=Zscaler Inc.,O=Example',
  'CN=Fortinet Fans',
  'CN=Delegate CA,O=Example',
  '',
])('no product signs as %s', (issuer) => {
  expect(productOf(issuer)).toBeUndefined();
});

test('the subject of a certificate is not its issuer', () => {
  const site = serverCertificate({ subject: 'CN=www.zscaler.com,O=Zscaler Inc.' });
  expect(inspectionProductOf([site])).toBeUndefined();
});

test('a product above the leaf counts as well', () => {
  const leaf = serverCertificate({ issuer: 'CN=Acme Issuing CA' });
  const above = serverCertificate({
    subject: 'CN=Acme Issuing CA',
    issuer: 'CN=Zscaler Root CA,O=Zscaler Inc.',
  });
  expect(inspectionProductOf([leaf, above])).toBe('Zscaler');
});

test('a hostile name costs no time', () => {
  expect(productOf(`CN=${'sophos zscaler ca '.repeat(60)},O=${'\\,'.repeat(400)}`)).toBe('Sophos');
});
