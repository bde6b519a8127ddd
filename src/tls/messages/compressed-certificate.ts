/** CompressedCertificate (RFC 8879): a Certificate message, packed; unpacked under a strict bound. */
import { brotliDecompressSync, constants, inflateSync, zstdDecompressSync } from 'node:zlib';
import { OctetReader } from '../octet-reader.ts';
import { wireLimits } from '../wire-limits.ts';

/** The window that RFC 8878 section 3.1.1.1.2 has decoders support: 8 MiB; a frame may ask for far more. */
const zstdWindowLog = 23;

/** Each touches zlib only when it is called: in the executable that is when it is loaded. */
const unpack: Readonly<
  Record<number, (packed: Uint8Array, options: { maxOutputLength: number }) => Uint8Array>
> = {
  1: (packed, options) => inflateSync(packed, options),
  2: (packed, options) => brotliDecompressSync(packed, options),
  3: (packed, options) => {
    const params = { [constants.ZSTD_d_windowLogMax]: zstdWindowLog };
    return zstdDecompressSync(packed, { ...options, params });
  },
};

/** The Certificate message's body; undefined when it is malformed, too large or packed in an unknown way. */
export function unpackCertificate(message: Uint8Array): Uint8Array | undefined {
  const reader = new OctetReader(message);
  const algorithm = unpack[reader.u16()];
  const length = reader.u24();
  const packed = reader.vector(3);
  if (!reader.ok || algorithm === undefined || length === 0) return undefined;
  if (length > wireLimits.certificateBytes) return undefined;
  try {
    const unpacked = algorithm(packed, { maxOutputLength: length });
    return unpacked.length === length ? unpacked : undefined;
  } catch {
    return undefined;
  }
}
