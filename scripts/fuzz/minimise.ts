/** Makes a failing input smaller for as long as it goes on failing in the same way. */

/** `fails` is asked for each candidate, at most `maxTries` times. */
export async function minimise(
  input: Uint8Array,
  fails: (candidate: Uint8Array) => Promise<boolean>,
  maxTries: number,
): Promise<Uint8Array> {
  let best = Buffer.from(input);
  let tries = 0;
  for (let size = best.length >> 1; size >= 1 && tries < maxTries; ) {
    let hasShrunk = false;
    for (let at = 0; at < best.length && tries < maxTries; ) {
      const candidate = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      tries += 1;
      if (await fails(candidate)) {
        best = candidate;
        hasShrunk = true;
      } else at += size;
    }
    if (!hasShrunk) size >>= 1;
  }
  return best;
}
