import { build } from './build.js';

// Tests start the command as people get it.
await build();

export default {
  files: ['test/**/*.test.ts', '!test/e2e/**', '!test/vagrant/**'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  // tsx on Node 20 does not reach worker threads.
  workerThreads: false,
  // Texts are broken for 80 columns, whatever the terminal here.
  environmentVariables: { COLUMNS: '' },
  // ava gives up when no test ends within this time; this computer may be busy with a class's labs.
  timeout: '10m',
};
