import { type Command, Option } from 'commander';
import type { BreakOptions } from '../actions/break.ts';
import { announce, command, type Flags, runs } from '../cli/command.ts';
import { wholeNumber } from '../cli/values.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'break NAME [FAULT] [PLACE...]',
    'make a fault in a running lab, for somebody to find',
    'lab break dr vip-missing rs2',
    'lab break dr --random',
    'lab break dr --random --seed 7 --faults 2',
  )
    .option('--random', 'choose a fault at random, and tell only what a user would report', false)
    .addOption(
      new Option('--seed <n>', 'choose the same faults as before with this seed').argParser(
        wholeNumber('--seed', { least: 0, most: 2 ** 32 - 1 }),
      ),
    )
    .addOption(
      new Option('--faults <n>', 'how many faults to make at a time: 1 or 2').argParser(
        wholeNumber('--faults', { least: 1, most: 2 }),
      ),
    )
    .action(
      runs(async (globals, name: string, fault: string | undefined, place: string[], options: BreakOptions & Flags) => {
        announce(globals, name);
        const { breakLab } = await import('../actions/break.ts');
        // The name of a place may have several words: rs1 192.168.1.9
        return breakLab(name, { fault, place: place.length > 0 ? place.join(' ') : undefined }, options, globals);
      }),
    );
}
