import test from 'ava';
import { typed } from '../../scripts/checks/hint.ts';
import { commandsOf } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import { run } from '../../scripts/host/exec.ts';
import { allLabs, planOf } from '../render/golden.ts';
import { faultsPage, onLines } from './faults.ts';

const plans = await Promise.all((await allLabs()).map(planOf));
const page = await faultsPage();

/** Each block of the page's lines: a command, with lines that are indented further. */
const shown = [...page.matchAll(/^ {4}(\S.*(?:\n {5,}.*)*)$/gm)].map(([, text = '']) =>
  text.replaceAll('\n    ', '\n'),
);

/** What a shell makes of the words of a command: those behind `npx`. */
async function wordsOf(command: string): Promise<string[]> {
  const { stdout } = await run('sh', ['-c', `npx() { printf '%s\\0' "$@"; }\n${command}`]);
  return stdout.split('\0').slice(0, -1);
}

test('docs/faults.md: a shell reads each command to its end, and it is a command of the kit', async (t) => {
  const kit = shown.filter((text) => text.startsWith('npx '));
  t.is(kit.length, 2 * faults.length);
  for (const command of kit) t.regex((await wordsOf(command)).slice(0, 2).join(' '), /^lab (break|mend)$/, command);
  const onNodes = shown.flatMap((text) => /^[\w-]+# (.*)/s.exec(text)?.[1] ?? []);
  t.true(onNodes.length > faults.length, String(onNodes.length));
  for (const command of onNodes) await t.notThrowsAsync(run('sh', ['-n', '-c', command]), command);
});

test('a command of a fault reaches its node as it is, whatever a shell could make of it', async (t) => {
  const commands = plans.flatMap((plan) =>
    faults.flatMap(({ places }) => places(plan).flatMap(({ make, mend = [] }) => commandsOf([...make, ...mend]))),
  );
  // Commands that differ only in numbers are quoted in the same way.
  const each = [...new Map(commands.map((command) => [command.run.replace(/\d+/g, '0'), command])).values()];
  t.true(each.length > 100, String(each.length));
  for (const command of each) {
    const [kit, ssh, lab, node, dashes, ...words] = await wordsOf(onLines(typed(command, 'dr')));
    t.deepEqual([kit, ssh, lab, node, dashes], ['lab', 'ssh', 'dr', command.on, '--'], command.run);
    // Several words are arguments and reach the node as they are. A single word is shell text.
    const text = words.join(' ').replace(/(&&|;)\n +/g, '$1 ');
    t.is(text, command.run);
    if (words.length > 1) for (const word of words) t.true(/^[\w./:@%+,=-]+$/.test(word), command.run);
    await t.notThrowsAsync(run('sh', ['-n', '-c', text]), text);
  }
});
