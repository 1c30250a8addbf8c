import { build } from './build.js';

// Tests start the command as people get it.
await build();

// See test/pace.ts.
const pace = Math.max(1, Number(process.env.LAB_TEST_PACE) || 1);

/** Minutes at pace 1, made longer for this computer. */
export const minutes = (count) => `${Math.ceil(count * pace)}m`;

export default {
  files: ['test/e2e/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  // See test/listed.ts.
  environmentVariables: { LAB_TEST_SET: process.env.LAB_TEST_SET ?? 'all' },
  // Labs share two cores: two at once would make every time-out lie.
  concurrency: 1,
  serial: true,
  // ava gives up when no test ends within this time.
  timeout: minutes(15),
};
