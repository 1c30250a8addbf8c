import { join } from 'node:path';
import type { Shell } from '../cli/shells.ts';
import { ExitCode } from '../errors.ts';
import { projectRoot } from '../host/paths.ts';
import { shellQuote } from '../render/shell-quote.ts';
import { print, printJson } from '../report/output.ts';
import type { Globals } from './globals.ts';

/** What makes each shell ask bin/complete.sh, whose form and `@file` and `@folder` that file tells. */
const scripts: Record<Shell, (program: string) => string> = {
  bash: (program) => `_lab() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      @file) compopt -o default ;;
      @folder) compopt -o dirnames ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(sh ${program} "\${COMP_WORDS[@]:1:COMP_CWORD-1}" ":\${COMP_WORDS[COMP_CWORD]}")
}
complete -F _lab lab`,

  zsh: (program) => `#compdef lab
_lab() {
  local line
  local -a found
  sh ${program} "\${(@)words[2,CURRENT-1]}" ":\${words[CURRENT]}" | while IFS= read -r line; do
    case $line in
      @file) _files ;;
      @folder) _files -/ ;;
      *) found+=("\${\${line//:/\\\\:}/$'\\t'/:}") ;;
    esac
  done
  _describe lab found
}
if [ "\${funcstack[1]}" = _lab ]; then _lab; else compdef _lab lab; fi`,

  fish: (program) => `function __lab_complete
  set -l words (commandline -opc)
  for line in (sh ${program} $words[2..] ":$(commandline -ct)")
    switch $line
      case @file
        __fish_complete_path (commandline -ct)
      case @folder
        __fish_complete_directories (commandline -ct)
      case '*'
        echo $line
    end
  end
end
complete -c lab -f -a '(__lab_complete)'`,

  powershell: (program) => `Register-ArgumentCompleter -Native -CommandName lab -ScriptBlock {
  param($typed, $line, $cursor)
  $words = @($line.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.ToString() })
  sh ${program} @words ":$typed" | Where-Object { $_ -notmatch '^@' } | ForEach-Object {
    $word, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $word }
    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
  }
}`,
};

/** lab completion SHELL: prints what a shell must run so that the Tab key completes `lab`. */
export async function completion(shell: Shell, globals: Globals): Promise<number> {
  const script = scripts[shell](quoted[shell](join(projectRoot, 'bin/complete.sh')));
  if (globals.json) printJson({ schema: 'lvs-lab/completion/1', shell, script });
  else print(script);
  return ExitCode.ok;
}

/** How each shell writes a path: a quote within it is the only character that needs care. */
const quoted: Record<Shell, (path: string) => string> = {
  bash: shellQuote,
  zsh: shellQuote,
  fish: (path) => `'${path.replace(/['\\]/g, '\\$&')}'`,
  powershell: (path) => `'${path.replaceAll("'", "''")}'`,
};
