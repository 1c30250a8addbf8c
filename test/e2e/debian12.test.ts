import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/host/paths.ts';
import { testsOf } from '../listed.ts';
import { asPredicted, failedWords, LabCommand } from './lab.ts';

const test = testsOf('debian12');
const lab = await LabCommand.inFreshFolder();

test.after(() => lab.end());

/** Labs that may behave differently on another kernel. */
const names = ['fwmark', 'ops', 'localnode', 'tun-gue', 'tun-gre', 'ipv6-nat', 'ipv6-dr', 'ipv6-tun', 'sctp', 'ftp'];

for (const name of names) {
  test(`lab ${name} on Debian 12's kernel`, async (t) => {
    const file = join(lab.folder, 'old.yaml');
    await writeFile(file, `release: 12\n${await readFile(join(projectRoot, 'labs', `${name}.yaml`), 'utf8')}`);
    const { code, document, stderr } = await lab.json('run', file);
    t.deepEqual(failedWords(document), [], stderr);
    t.is(code, 0);
    t.true(asPredicted(document), JSON.stringify(document.answers));
    t.is((await lab.run('down', file)).code, 0);
  });
}
