// LAB_TEST_PACE: how many times longer this computer takes than an ordinary one (test/pace.ts).
const pace = Math.max(1, Number(process.env.LAB_TEST_PACE) || 1);

/** Minutes of an ordinary hour. */
export const minutes = (count) => `${Math.ceil(count * pace)}m`;

export default {
  files: ['test/e2e/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  // Labs share two cores: two at once would make every time-out lie.
  concurrency: 1,
  serial: true,
  // Without any test done.
  timeout: minutes(15),
};
