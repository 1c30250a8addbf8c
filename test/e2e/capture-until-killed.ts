import { placeOf } from '../../scripts/host/paths.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { qemuCapture } from '../../scripts/providers/qemu/capture.ts';

// Captures the front network of a lab until it is killed.
const [lab = '', folder = ''] = process.argv.slice(2);
const plan = { lab, networks: [{ name: 'front', cidr: '192.168.1.0/24' }] } as Plan;
await qemuCapture.start(plan, placeOf(lab, folder));
process.stdout.write('ready\n');
setInterval(() => {}, 60_000);
