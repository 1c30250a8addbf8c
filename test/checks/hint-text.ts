import { type Hint, typed } from '../../scripts/checks/hint.ts';

/** All that a hint says, in one line; nothing where there is none. */
export function hintText(hint: Hint | string | undefined, lab: string): string {
  if (hint === undefined || typeof hint === 'string') return hint ?? '';
  const { cause, commands, see } = hint;
  return [cause, ...commands.map((command) => typed(command, lab)), ...see].join('; ');
}
