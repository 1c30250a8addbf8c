import { Argument, type Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';
import { type Shell, shells } from '../cli/shells.ts';
import { wordOf } from '../cli/values.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'completion',
    'print what a shell runs to complete commands, options and names when you press Tab',
    'lab completion bash > ~/.local/share/bash-completion/completions/lab',
    'lab completion zsh > ~/.zfunc/_lab',
    'lab completion fish > ~/.config/fish/completions/lab.fish',
    'lab completion powershell >> $PROFILE',
  )
    .addArgument(
      new Argument('<SHELL>').argParser(wordOf(shells, (word) => `there is no completion for the shell ${word}`)),
    )
    .action(
      runs(async (globals, shell: Shell, _: Flags) => {
        const { completion } = await import('../actions/completion.ts');
        return completion(shell, globals);
      }),
    );
}
