import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { removeTree } from '../../scripts/host/files.ts';
import { sections } from '../../scripts/state/sections/index.ts';
import type { StateEntry } from '../../scripts/state/state.ts';
import { tell } from '../../scripts/state/tell.ts';

/** Words of a fact that a shell would do something with. */
const hostile = [
  '; echo a > made',
  '$(echo a > made)',
  '`echo a > made`',
  '& echo a > made',
  '\necho a > made\n',
  "' > made",
];

/** Keys that the section takes for one of its own, in front of what is hostile. */
const keys: Record<string, readonly string[]> = {
  address: ['front 10.0.0.1/24'],
  link: ['front mtu', 'front up', 'front master', 'front ifalias', 'front ipip.remote', 'tun1'],
  ipvs: ['-t 10.0.0.1:80', '-t 10.0.0.1:80 -r 10.0.0.2:80', 'timeouts', 'daemon master'],
  neighbour: ['10.0.0.1 dev front', 'proxy 10.0.0.1 dev front'],
  nft: ['table ip x', 'chain ip x y', 'rule ip x y: z', 'rules ip x y'],
  iptables: ['filter -A INPUT -j DROP', 'filter chain X', 'filter rules INPUT'],
  process: ['apache2.service', 'nfsd', 'perl'],
  limit: ['apache2.service cpu.max', 'apache2.service cgroup.freeze'],
  mount: ['/mnt'],
  fou: ['port 5555 ipproto 4'],
  xfrm: ['src 10.0.0.1/32 dst 10.0.0.2/32 dir out'],
};

test('whatever a fact says, its command does nothing but what the kit has written', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-hostile-'));
  t.teardown(() => removeTree(folder));
  const told = sections.flatMap(({ name }) =>
    (keys[name] ?? ['x']).flatMap((start) =>
      hostile.flatMap((words) => {
        const facts = (key: string, value: string): StateEntry[] => [{ section: name, key, value }];
        return [
          ...tell('rs1', facts(start, words), []),
          ...tell('rs1', facts(start, words), facts(start, 'x')),
          ...tell('rs1', facts(start + words, `x ${words}`), []),
          ...tell('rs1', [], facts(start + words, words)),
          ...tell('rs1', facts(start, words), facts(start, `link to ${words}`)),
        ];
      }),
    ),
  );
  const lines = told.flatMap(({ undo }) => undo ?? []);
  t.true(lines.length > 300, `${lines.length}`);
  // No program is found: only what the shell itself would do leaves a trace.
  const { status, stderr } = spawnSync('/bin/sh', ['-s'], {
    cwd: folder,
    env: { PATH: '/nowhere' },
    input: `${lines.join('\n')}\nexit 7\n`,
    encoding: 'utf8',
  });
  t.is(status, 7, stderr.slice(-500));
  t.false(readdirSync(folder).includes('made'), readdirSync(folder).join(' '));
});
