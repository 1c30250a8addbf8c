export default {
  files: ['test/**/*.test.ts', '!test/e2e/**', '!test/vagrant/**'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  // tsx on Node 20 does not reach worker threads.
  workerThreads: false,
  // Without any test done: a class's machine may be busy with labs.
  timeout: '10m',
};
