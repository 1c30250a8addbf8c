import type { Command } from 'commander';
import { announce, command, type Flags, group, runs } from '../cli/command.ts';

const verbs = [
  ['show', 'print the table in the order that schedulers use', 'lab rules show dr'],
  [
    'save',
    'print the table like ipvsadm-save, with thresholds and in the kernel’s order',
    'lab rules save dr > rules.txt',
  ],
  ['restore', 'replace the table by the one on stdin', 'lab rules restore dr < rules.txt'],
  ['clear', 'empty the table', 'lab rules clear dr'],
] as const;

export function grammar(lab: Command): void {
  const rules = group(lab, 'rules', 'show, save or change the IPVS table of a director');
  for (const [verb, what, example] of verbs) {
    command(rules, `${verb} NAME`, what, example).action(
      runs(async (globals, name: string, _: Flags) => {
        announce(globals, name);
        const actions = await import('../actions/rules.ts');
        return actions[verb](name, globals);
      }),
    );
  }
}
