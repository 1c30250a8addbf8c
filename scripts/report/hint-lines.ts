import { type Hint, typed } from '../checks/hint.ts';
import { wrapped } from './wrap.ts';

/**
 * A hint as lines for the screen: the cause and where to look further, wrapped, then each command on a line of its own, so that
 * it can be copied.
 * @param width columns that a line may have; a command is never broken
 * @param program the words that start the kit where this is read: `lab` or `npx lab`
 */
export function hintLines({ cause, commands, see }: Hint, lab: string, width: number, program?: string): string[] {
  const text = see.length > 0 ? `${cause}; see ${see.join(', ')}` : cause;
  return [...wrapped(text, width), ...commands.map((command) => typed(command, lab, program))];
}
