export default {
  files: ['test/e2e/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  // Labs share two cores: two at once would make every time-out lie.
  concurrency: 1,
  serial: true,
  timeout: '15m',
};
