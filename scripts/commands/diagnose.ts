import type { Command } from 'commander';
import { announce, command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'diagnose NAME',
    'say why a running lab does not work',
    'lab diagnose dr',
    'lab diagnose dr --json',
  ).action(
    runs(async (globals, name: string, _: Flags) => {
      announce(globals, name);
      const { diagnoseLab } = await import('../actions/diagnose.ts');
      return diagnoseLab(name, globals);
    }),
  );
}
