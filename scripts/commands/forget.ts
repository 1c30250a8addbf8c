import type { Command } from 'commander';
import type { ForgetOptions } from '../actions/forget.ts';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'forget NAME LABEL', 'remove a saved lab', 'lab forget dr broken', 'lab forget dr broken --in ~/course')
    .option('--in <folder>', 'the folder in which the lab was started, if it is another one')
    .action(
      runs(async (globals, name: string, label: string, options: ForgetOptions & Flags) => {
        const { forget } = await import('../actions/forget.ts');
        return forget(name, label, options, globals);
      }),
    );
}
