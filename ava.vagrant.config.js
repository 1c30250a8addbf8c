import e2e, { minutes } from './ava.e2e.config.js';

export default { ...e2e, files: ['test/vagrant/*.test.ts'], timeout: minutes(20) };
