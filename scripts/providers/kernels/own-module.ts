import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ScriptError, UsageError } from '../../errors.ts';
import { shellQuote } from '../../render/shell-quote.ts';
import { kernelIn, vermagicIn } from './module-file.ts';

/** What is run in a machine, as its template's key sees it: with the bytes of the modules. */
interface Script {
  name: string;
  text: string;
}

interface Module {
  name: string;
  bytes: Buffer;
}

const step = 'a module of one’s own';

/**
 * A script that puts a module, and those beside it whose names begin as its own, in the place of the kernel's, and loads it.
 * @throws UsageError when a file is missing, is no module, or is for another kernel
 */
export async function moduleScript(file: string, { node, kernel }: { node: string; kernel: string }): Promise<Script> {
  const modules = await modulesBeside(file);
  for (const { name, bytes } of modules) requireFit(join(dirname(file), name), bytes, node, kernel);
  return { name: step, text: scriptText(modules) };
}

/** The module itself comes first. */
async function modulesBeside(file: string): Promise<Module[]> {
  const [folder, own] = [dirname(file), basename(file)];
  if (!/^\w+\.ko$/.test(own)) {
    throw new UsageError(`${file} is not called ip_vs.ko`, { cause: 'a module is loaded by its name' });
  }
  const names: string[] = await readdir(folder).catch(() => []);
  if (!names.includes(own)) {
    throw new UsageError(`there is no module ${file}`, { tryThis: 'lab build-module SOURCE --kernel VERSION' });
  }
  const start = `${own.slice(0, -'.ko'.length)}_`;
  const others = names.filter((name) => name.startsWith(start) && /^\w+\.ko$/.test(name)).sort();
  return Promise.all([own, ...others].map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
}

function requireFit(file: string, bytes: Buffer, node: string, kernel: string): void {
  const vermagic = vermagicIn(bytes);
  if (vermagic === undefined) throw new UsageError(`${file} is not a kernel module`);
  const other = kernelIn(vermagic);
  if (other === kernel) return;
  throw new UsageError(`${basename(file)} is for kernel ${other}, and ${node} has ${kernel}`, {
    cause: `a kernel loads only modules of exactly its own version; the vermagic of ${file} is ${vermagic}`,
    tryThis: `lab build-module SOURCE --kernel ${kernel}, or --kernel ${node}=${other}`,
  });
}

/** The kernel's own files are replaced where they are, so that the list of what depends on what stays right. */
function scriptText(modules: readonly Module[]): string {
  const lines = modules.flatMap(({ name, bytes }) => [
    `base64 -d << 'END' | gzip -d > ${name}`,
    ...(gzipSync(bytes)
      .toString('base64')
      .match(/.{1,120}/g) ?? []),
    'END',
    `put ${name}`,
  ]);
  const [first] = modules;
  return [head, ...lines, loading(shellQuote(first?.name.slice(0, -'.ko'.length)))].join('\n');
}

const head = `# Its argument is the folder of the kernel's modules, where that is another one.
set -eu
own=\${1:-/lib/modules/$(uname -r)}
work=$(mktemp -d)
cd "$work"
list=
put() {
  # A line of modules.dep: kernel/net/netfilter/ipvs/ip_vs.ko: what it depends on.
  place=$(sed -n "s|^\\(.*/$1[^:/]*\\):.*|\\1|p; s|^\\($1[^:/]*\\):.*|\\1|p" "$own/modules.dep" | head -n 1)
  case $place in
    *.ko) cat "$1" > "$own/$place" ;;
    *)
      # A compressed one, or one that this kernel does not have.
      [ -z "$place" ] || rm "$own/$place"
      mkdir -p "$own/updates"
      cat "$1" > "$own/updates/$1"
      list=old
      ;;
  esac
}`;

const loading = (name: string) => `cd /
rm -r "$work"
[ -z "$list" ] || depmod
if ! modprobe ${name}; then
  dmesg | tail -n 3 >&2
  exit 1
fi
`;

export function isModuleScript(error: unknown): error is ScriptError {
  return error instanceof ScriptError && error.facts.step === step;
}

/** What to tell when the machine's kernel refuses a module. */
export function doesNotLoad(file: string, kernel: string, error: ScriptError): UsageError {
  return new UsageError(`${file} does not load in kernel ${kernel}`, { tail: error.facts.tail });
}
