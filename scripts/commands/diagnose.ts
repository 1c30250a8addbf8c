import type { Command } from 'commander';
import { announce, command, type Flags, runs } from '../cli/command.ts';
import { requests } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(lab, 'diagnose NAME', 'say why a running lab does not work', 'lab diagnose dr', 'lab diagnose dr --json')
    .addOption(requests())
    .action(
      runs(async (globals, name: string, options: { requests?: number } & Flags) => {
        announce(globals, name);
        const { diagnoseLab } = await import('../actions/diagnose.ts');
        return diagnoseLab(name, options, globals);
      }),
    );
}
