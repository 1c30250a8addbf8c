import { placeOf } from '../../scripts/host/paths.ts';
import { qemuLines } from '../../scripts/providers/qemu/lines.ts';

// Makes a line bad and good, again and again, until it is killed.
const [lab = '', folder = '', node = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
for (;;) {
  for (const line of [{ loss: 50 }, { mtu: 1000 }, {}]) {
    await qemuLines.set(placeOf(lab, folder), { node, network: 'front', line });
  }
}
