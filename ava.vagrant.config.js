import e2e, { minutes } from './ava.e2e.config.js';

// Set by test/vagrant/run.ts: these tests would take away machines of the libvirtd of this computer.
if (!process.env.LAB_OWN_LIBVIRTD) throw new Error('tests on Vagrant run with: npm run test:vagrant');

export default { ...e2e, files: ['test/vagrant/*.test.ts'], timeout: minutes(20) };
