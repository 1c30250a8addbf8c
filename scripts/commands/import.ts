import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'import FILE',
    'make a lab file from ipvsadm-save’s output or a keepalived.conf',
    'lab import rules.txt',
    'lab import /etc/keepalived/keepalived.conf --output rehearsal.yaml',
  )
    .option('--output <file>', 'write the lab file here; an existing file is never changed')
    .action(
      runs(async (globals, file: string, options: { output?: string } & Flags) => {
        const { importFile } = await import('../actions/import.ts');
        return importFile(file, options, globals);
      }),
    );
}
