import e2e from './ava.e2e.config.js';

export default { ...e2e, files: ['test/vagrant/*.test.ts'] };
