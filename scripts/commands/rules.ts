import type { Command } from 'commander';
import { announce, command, type Flags, group, runs } from '../cli/command.ts';

const verbs = [
  ['show', 'print it, in the order that schedulers go by', 'lab rules show dr'],
  ['save', 'write it as ipvsadm-save does, thresholds and order kept', 'lab rules save dr > rules.txt'],
  ['restore', 'put the table from stdin in its place', 'lab rules restore dr < rules.txt'],
  ['clear', 'empty it', 'lab rules clear dr'],
] as const;

export function grammar(lab: Command): void {
  const rules = group(lab, 'rules', 'the IPVS table of a lab’s director');
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
