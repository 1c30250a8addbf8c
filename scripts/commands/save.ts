import type { Command } from 'commander';
import type { SaveOptions } from '../actions/save.ts';
import { announce, command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'save NAME [LABEL]',
    'keep a running lab as it stands: memory, disks, connections',
    'lab save dr',
    'lab save dr broken',
    'lab save dr broken --to exercise.lvslab',
  )
    .option('--to <file>', 'write it to one file, for another computer, and do not keep it here')
    .action(
      runs(async (globals, name: string, label: string | undefined, options: SaveOptions & Flags) => {
        announce(globals, name);
        const { save } = await import('../actions/save.ts');
        return save(name, label, options, globals);
      }),
    );
}
