#!/bin/sh
# Prints what can follow on a command line of lab: a line each, with a tab and some words about it where there are any.
# The words behind `lab` are the arguments; the last one is the word that is typed, with a colon before it, so that it is never
# empty. `lab completion` makes a shell call this. `npm run docs` writes this file.
# shellcheck disable=SC1112 # apostrophes in descriptions
set -uf

kit=$(cd "$(dirname "$0")/.." && pwd -P)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lvs-lab

# What can follow the words of a command, such as `rules show`: commands, options, and the kinds of its arguments.
commands_of() {
  case $1 in
{{commands}}
  esac
}
options_of() {
  case $1 in
{{options}}
  esac
  # Every command has these.
  {{everywhere}}
}
arguments_of() {
  case $1 in
{{arguments}}
  esac
}
# The kind of value that an option takes; nothing of one that takes none.
value_of() {
  case $1 in
{{values}}
  esac
}
faults() {
  printf '%s\t%s\n' \
{{faults}}
}

# Each file of a pattern: its name, and its title. It starts no process: there are many files.
files_of() {
  set +f
  for file in $1; do
    [ -f "$file" ] || continue
    title=
    while read -r key value; do
      [ "$key" != title: ] || title=$value
      case $title$key in ?*: | '#'* | '') ;; *) break ;; esac
    done < "$file"
    name=${file##*/}
    printf '%s\t%s\n' "${name%.*}" "$title"
  done
  set -f
}

# The names of a pattern of folders.
folders_of() {
  set +f
  for folder in $1; do
    [ -d "$folder" ] || continue
    folder=${folder%/}
    echo "${folder##*/}"
  done
  set -f
}

# What a function finds of a pattern in this folder and in the kit's, which can be the same.
both() {
  "$1" "$2"
  [ "$(pwd -P)" = "$kit" ] || "$1" "$kit/$2"
}

nodes() {
  [ -f ".lab/$lab/ssh_config" ] || return 0
  while read -r word node _; do
    if [ "$word" = Host ] && [ "$node" != '*' ]; then echo "$node"; fi
  done < ".lab/$lab/ssh_config"
}

# What a kind of word can be. `file` and `folder` are the shell's own business.
words_of() {
  case $1 in
    lab)
      folders_of '.lab/*/'
      both files_of 'labs/*.yaml'
      ;;
    node) nodes ;;
    fault) faults ;;
    bug) both files_of 'labs/bugs/*.yaml' ;;
    exercise) both folders_of 'labs/exercises/*/' ;;
    kernel)
      printf '%s\n' {{kernels}}
      folders_of "$cache/kernels/*/"
      ;;
    network) printf '%s\n' {{networks}} ;;
    file | folder) echo "@$1" ;;
    =*)
      IFS=,
      # shellcheck disable=SC2086 # words
      printf '%s\n' ${1#=}
      unset IFS
      ;;
  esac
}

[ "${1-}" != help ] || shift
command=
lab=
place=0
expected=
while [ $# -gt 1 ]; do
  if [ -n "$expected" ]; then
    expected=
  else
    case $1 in
      --) place=99 ;;
      -*) expected=$(value_of "$command $1") ;;
      *)
        longer=${command:+$command }$1
        if [ -n "$(arguments_of "$longer")$(commands_of "$longer")" ]; then
          command=$longer
        else
          place=$((place + 1))
          [ -n "$lab" ] || lab=$1
        fi
        ;;
    esac
  fi
  shift
done
typed=${1#:}

if [ -n "$expected" ]; then
  words_of "$expected"
else
  case $typed in
    -*) options_of "$command" ;;
    *)
      [ $place -gt 0 ] || commands_of "$command"
      # shellcheck disable=SC2046 # kinds
      set -- $(arguments_of "$command")
      # `+` is behind the kind of an argument that can be given again and again.
      while [ $place -gt 0 ] && [ $# -gt 0 ]; do
        case $1 in *+) break ;; esac
        shift
        place=$((place - 1))
      done
      [ $# -eq 0 ] || words_of "${1%+}"
      ;;
  esac
fi | while IFS= read -r line; do
  case $line in
    "$typed"* | @*) printf '%s\n' "$line" ;;
  esac
done
