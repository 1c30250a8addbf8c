import { execFileSync } from 'node:child_process';
import test from 'ava';
import { type HintCommand, typed } from '../../scripts/checks/hint.ts';
import { hintLines } from '../../scripts/report/hint-lines.ts';

const commands: [title: string, command: HintCommand, text: string][] = [
  ['a command of the kit', { lab: 'up dr' }, 'npx lab up dr'],
  [
    'a command on a node',
    { on: 'rs1', run: 'sysctl -w net.ipv4.ip_forward=1' },
    'npx lab ssh dr rs1 -- sysctl -w net.ipv4.ip_forward=1',
  ],
  [
    'shell text, which is one word',
    { on: 'rs1', run: "systemctl status 'lvs-lab-echo-*'" },
    `npx lab ssh dr rs1 -- "systemctl status 'lvs-lab-echo-*'"`,
  ],
  [
    'shell text that double quotes would change',
    { on: 'rs1', run: 'echo "$HOME"; ip route' },
    `npx lab ssh dr rs1 -- 'echo "$HOME"; ip route'`,
  ],
];

for (const [title, command, text] of commands)
  test(`${title}: as it is typed`, (t) => t.is(typed(command, 'dr'), text));

test('shell text reaches the node as it was, whatever is in it', (t) => {
  for (const run of ["a'b", 'a "b"', '$(x)', 'a; b | c', '`x`', 'back\\slash', 'history!', '*', '~', 'a > b', '# a'])
    t.is(
      execFileSync('sh', ['-c', typed({ on: 'rs1', run }, 'dr', 'printf %s,').replaceAll('--', '')], {
        encoding: 'utf8',
      }),
      `ssh,dr,rs1,${run},`,
      run,
    );
});

test('where a shell finds the kit, npx is not needed', (t) => {
  t.is(typed({ lab: 'up dr' }, 'dr', 'lab'), 'lab up dr');
});

test('on the screen the cause is wrapped, and each command is on a separate line', (t) => {
  const hint = {
    cause: 'rs1 has no default route',
    commands: [{ lab: 'up nat' }, { on: 'rs1', run: 'ip route replace default via 172.16.10.1' }],
    see: ['forwarding', 'counted'],
  };
  t.deepEqual(hintLines(hint, 'nat', 40), [
    'rs1 has no default route; see',
    'forwarding, counted',
    'npx lab up nat',
    'npx lab ssh nat rs1 -- ip route replace default via 172.16.10.1',
  ]);
  t.deepEqual(hintLines({ ...hint, commands: [], see: [] }, 'nat', 40), ['rs1 has no default route']);
});
