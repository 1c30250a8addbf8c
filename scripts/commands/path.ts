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
      new Option('--size <bytes>', 'send a request of so many bytes, for an answer of the same size').argParser(
        wholeNumber('--size', { least: 1, most: 20_000 }),
      ),
    )
    .addOption(new Option('--html <file>', 'write the ladder diagram as a page that shows it step by step'))
    .addOption(new Option('--svg <file>', 'write the ladder diagram as a picture'))
    .addOption(new Option('--pcapng <file>', 'write all frames for Wireshark, with comments'))
    .option('--mermaid', 'print only the ladder diagram, in the language of Mermaid', false)
    .action(
      runs(async (globals, name: string, options: PathOptions & Flags) => {
        announce(globals, name);
        const { path } = await import('../actions/path.ts');
        return path(name, options, globals);
      }),
    );
}
