export default {
  files: ['test/**/*.test.ts', '!test/e2e/**', '!test/vagrant/**'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  // tsx on Node 20 does not reach worker threads.
  workerThreads: false,
};
