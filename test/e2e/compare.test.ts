import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('compare');

interface Compared {
  labs: {
    lab: string;
    loads: { load: string; failed: number }[];
    instructions: { part: string; call: { median: number } | null }[];
  }[];
  against?: { lab: string; what: string; difference: number }[];
}

const sendingOf = ({ labs }: Compared, lab: string) =>
  labs.find((one) => one.lab === lab)?.instructions.find(({ part }) => part === 'sending')?.call?.median ?? Number.NaN;

test('a comparison of two labs, twice: sending a packet on takes the same instructions, and by NAT more than by DR', async (t) => {
  const lab = await LabCommand.of(t);
  // With fewer requests the median depends on how many acknowledgements there are.
  const words = ['compare', 'dr', 'nat', '--requests', '10', '--instructions'];
  const first = await lab.json<Compared>(...words);
  t.is(first.code, 0, first.stderr);
  await writeFile(join(lab.folder, 'before.json'), JSON.stringify(first.document));
  const again = await lab.json<Compared>(...words, '--against', 'before.json');
  t.is(again.code, 0, again.stderr);
  for (const name of ['dr', 'nat']) {
    const [one, other] = [sendingOf(first.document, name), sendingOf(again.document, name)];
    t.true(Math.abs(one - other) <= 0.02 * one, `${name}: ${one}, ${other}`);
    t.deepEqual(await lab.processes(name), []);
  }
  t.true(sendingOf(first.document, 'nat') > sendingOf(first.document, 'dr'));
  t.true((again.document.against ?? []).some(({ lab: name }) => name === 'nat'));
});
