import { type Command, Option } from 'commander';
import type { CaptureOptions } from '../actions/capture.ts';
import { announce, command, type Flags, runs } from '../cli/command.ts';
import { wholeNumber } from '../cli/values.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'capture NAME [NETWORK...]',
    'capture the frames on a lab’s networks, until Ctrl-C',
    'lab capture dr',
    'lab capture dr -w - | wireshark -k -i -',
    'lab capture nat back -w nat.pcapng --seconds 10',
  )
    .addOption(new Option('-w, --write <file>', 'write pcapng to this file, or to stdout with -'))
    .addOption(
      new Option('--seconds <n>', 'stop after so many seconds').argParser(
        wholeNumber('--seconds', { least: 1, most: 86_400 }),
      ),
    )
    .addOption(
      new Option('--packets <n>', 'stop after so many frames').argParser(
        wholeNumber('--packets', { least: 1, most: 1e9 }),
      ),
    )
    .action(
      runs(async (globals, name: string, networks: string[], options: CaptureOptions & Flags) => {
        announce(globals, name);
        const { capture } = await import('../actions/capture.ts');
        return capture(name, networks, options, globals);
      }),
    );
}
