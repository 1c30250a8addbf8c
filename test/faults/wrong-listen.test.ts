import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { commandsOf, type NodeCommand } from '../../scripts/faults/fault.ts';
import { wrongListen } from '../../scripts/faults/wrong-listen.ts';
import { planOf } from '../render/golden.ts';

/** As Debian has it. */
const portsConf = `Listen 80

<IfModule ssl_module>
	Listen 443
</IfModule>
`;

for (const { lab, listens } of [
  { lab: 'dr', listens: ['Listen 192.168.1.4:80', '	Listen 443'] },
  { lab: 'services', listens: ['Listen 192.168.1.4:80', '	Listen 192.168.1.4:443'] },
  { lab: 'ipv6-dr', listens: ['Listen [fd00:1::4]:80', '	Listen 443'] },
]) {
  test(`lab ${lab}: Apache of rs1 listens at its own address, and mended everywhere, as often as each is done`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-apache-'));
    const file = join(folder, 'ports.conf');
    await mkdir(join(folder, 'sites-enabled'));
    await writeFile(file, portsConf);
    await writeFile(join(folder, 'sites-enabled/000-default.conf'), '');
    await writeFile(join(folder, 'systemctl'), '#!/bin/sh\n', { mode: 0o755 });
    const run = (commands: readonly NodeCommand[] = []) => {
      for (const command of commands) {
        const text = command.run.replaceAll('/etc/apache2', folder);
        execFileSync('/bin/sh', ['-c', text], { env: { PATH: `${folder}:${process.env.PATH}` } });
      }
    };
    const found = async () => (await readFile(file, 'utf8')).split('\n').filter((line) => line.includes('Listen'));
    const place = wrongListen.places(await planOf(lab)).find(({ name }) => name === 'rs1');
    for (const _ of [1, 2]) {
      run(commandsOf(place?.make));
      t.deepEqual(await found(), listens);
    }
    for (const _ of [1, 2]) {
      run(commandsOf(place?.mend));
      t.is(await readFile(file, 'utf8'), portsConf);
    }
  });
}

test('by NAT a web server may listen on its own address only', async (t) => {
  t.deepEqual(wrongListen.places(await planOf('nat')), []);
});
