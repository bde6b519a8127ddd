/** Alerts by name and number (IANA registry "TLS Alerts", with those that only older versions used). */

/** Number to name. */
export const alerts: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  30: 'decompression_failure',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  52: 'too_many_cids_requested',
  60: 'export_restriction',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  111: 'certificate_unobtainable',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  114: 'bad_certificate_hash_value',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  117: 'general_error',
  120: 'no_application_protocol',
  121: 'ech_required',
};

/** `unknown_ca`; `unknown` for a number without a name: the number stands beside it. */
export function alertName(code: number): string {
  return alerts[code] ?? 'unknown';
}

/** The number of an alert's name, exactly as the registry spells it. */
export function alertCode(name: string): number | undefined {
  const entry = Object.entries(alerts).find(([, known]) => known === name);
  return entry && Number(entry[0]);
}

/** RFC 9846 section 6: 1 is warning, 2 is fatal. */
export function alertLevelName(level: number): 'warning' | 'fatal' | 'unknown' {
  if (level === 1) return 'warning';
  return level === 2 ? 'fatal' : 'unknown';
}
