import { type Command, Option } from 'commander';
import type { ImportOptions } from '../actions/import.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { listed, wholeNumber } from '../cli/values.ts';
import { realServerCount } from '../model/limits.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'import FILE...',
    'make a lab file from the configuration of a director',
    'lab import /etc/keepalived/keepalived.conf --output rehearsal.yaml',
    'lab import rules.txt --service 10.96.0.10:53,tcp/10.96.0.10:53',
    'lab import keepalived.conf --config-id main',
    'lab import ssh://root@lb1 --output lb1.yaml',
  )
    .addHelpText(
      'after',
      [
        '\nFILE is one of these; - is standard input. Several make one lab:',
        '  keepalived.conf, with the files that it includes',
        '  ldirectord.cf',
        '  a script with commands of ipvsadm, or the output of ipvsadm-save',
        '  the output of ipvsadm -Ln, sysctl net.ipv4.vs, or ip -oneline address show',
        '  ssh://user@host: a live director; the commands that read it are shown first',
      ].join('\n'),
    )
    .option('--output <file>', 'write the lab file here; an existing file is never changed')
    .addOption(
      new Option(
        '--service <s,s>',
        'only these services: ADDRESS, ADDRESS:PORT or tcp/ADDRESS:PORT, or “mark 7”',
      ).argParser((text) => listed('--service', text)),
    )
    .option('--config-id <id>', 'the configuration that lines @ID of a keepalived.conf are for')
    .addOption(
      new Option(
        '--real-servers <n>',
        `use at most so many machines; real servers share them if there are more; default ${realServerCount.most}`,
      ).argParser(wholeNumber('--real-servers', realServerCount)),
    )
    .option('--yes', 'with ssh://: do not ask before the commands run', false)
    .action(
      runs(async (globals, files: string[], options: ImportOptions & Flags) => {
        const { importFiles } = await import('../actions/import.ts');
        return importFiles(files, options, globals);
      }),
    );
}
