/** Of undici, what the program calls: whole, it costs `run` 4 MB more, for fetch, caches and mocks that nobody touches. */
import type { Plugin } from 'esbuild';

/** Its own index makes these names from the same files; `build:check` sends reports through each. */
const contents = `
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
Object.assign(Dispatcher.prototype, require('undici/lib/api/index.js'));
exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.Client = require('undici/lib/dispatcher/client.js');
exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');
exports.buildConnector = require('undici/lib/core/connect.js');
`;

export const slimUndici: Plugin = {
  name: 'slim-undici',
  setup: ({ initialOptions: { absWorkingDir }, onResolve, onLoad }) => {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'slim-undici' }));
    onLoad({ filter: /.*/, namespace: 'slim-undici' }, () => ({
      contents,
      loader: 'js',
      ...(absWorkingDir !== undefined && { resolveDir: absWorkingDir }),
    }));
  },
};
