import type { Command } from 'commander';
import { announce, command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'reset NAME [NODE]',
    'replace one machine, or all of them, by new ones',
    'lab reset dr rs1',
    'lab reset dr',
  ).action(
    runs(async (globals, name: string, node: string | undefined, _: Flags) => {
      announce(globals, name);
      const { reset } = await import('../actions/reset.ts');
      return reset(name, node, globals);
    }),
  );
}
