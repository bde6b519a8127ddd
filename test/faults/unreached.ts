/** Causes that no fault of this suite reaches, each with the reason why. */
export const unreached: Readonly<Record<string, string>> = {
  'local-resources-exhausted':
    'where sockets have run out, so have the files that hold the program itself, which then does not start',
  'process-stalled': 'it takes a process that is stopped in the middle of a look: see test/hold',
  'rotated-credential-not-loaded':
    'a look presents what it has just read; a delegate that has not read it again is told as a warning',
  'connection-killed-idle':
    'it takes connections that have stood for a while, and a check keeps none',
  'client-key-unusable-by-delegate':
    'what works here is an acceptance, and then it is told as a warning; it never explains a failure of ours',
  'environment-differs': 'it takes a delegate in a container beside this one',
};
