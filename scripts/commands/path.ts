import { type Command, Option } from 'commander';
import type { PathOptions } from '../actions/path.ts';
import { announce, command, type Flags, runs } from '../cli/command.ts';
import { wholeNumber } from '../cli/values.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'path NAME',
    'follow one real request and its answer, hop by hop',
    'lab path dr',
    'lab path nat --to rs1 --html path.html',
    'lab path tun --size 1448',
    'lab path tun --pcapng tun.pcapng',
  )
    .addOption(new Option('--service <vip:port>', 'the service to ask, or a port alone; by default the lab’s first'))
    .addOption(new Option('--to <real-server>', 'send requests until one goes to this real server'))
    .addOption(
      new Option('--size <bytes>', 'a request of so many bytes, for an answer of as many').argParser(
        wholeNumber('--size', { least: 1, most: 20_000 }),
      ),
    )
    .addOption(new Option('--html <file>', 'write the ladder as a page with steps'))
    .addOption(new Option('--svg <file>', 'write the ladder as a picture'))
    .addOption(new Option('--pcapng <file>', 'write all frames, with comments, for Wireshark'))
    .option('--mermaid', 'print the ladder for Mermaid, and nothing else', false)
    .action(
      runs(async (globals, name: string, options: PathOptions & Flags) => {
        announce(globals, name);
        const { path } = await import('../actions/path.ts');
        return path(name, options, globals);
      }),
    );
}
