/** Causes that no fault of this suite reaches, each with the reason why. */
export const unreached: Readonly<Record<string, string>> = {};
