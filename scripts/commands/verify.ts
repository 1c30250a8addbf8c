import type { Command } from 'commander';
import { announce, command, type Flags, runs } from '../cli/command.ts';
import { noDiagnose, requests } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'verify NAME',
    'check a running lab',
    'lab verify dr',
    'lab verify dr --requests 100',
    'lab verify dr --json',
  )
    .addOption(requests())
    .addOption(noDiagnose())
    .action(
      runs(async (globals, name: string, options: { requests?: number; diagnose: boolean } & Flags) => {
        announce(globals, name);
        const { verify } = await import('../actions/verify.ts');
        return verify(name, options, globals);
      }),
    );
}
