import { parseArgs } from 'node:util';
import { hasTests, isOnMachines, type Part, parts, type TestSet } from '../sets.ts';

/** What the command line asks for: parts to run, or a text to print, with the exit code. */
export type Choice = { parts: Part[] } | { text: string; code: number };

const commands: Record<TestSet, string> = { core: 'npm test', all: 'npm run test:all' };

/** The parts that have tests of this set, in the order in which they run. */
function partsOf(set: TestSet): Part[] {
  return parts.filter((part) => !isOnMachines(part) || hasTests(part, set));
}

/**
 * @param words what follows `--` on npm's command line
 * @param env npm keeps an option that stands before `--` for itself, as npm_config_only: nothing may run by mistake then
 */
export function choose(set: TestSet, words: readonly string[], env: NodeJS.ProcessEnv): Choice {
  const there = partsOf(set);
  const usage = `${commands[set]} -- --only PART[,PART…]   runs these parts
${commands[set]} -- --from PART           runs this part and all after it
  both: those parts of --only that are not before --from
parts, in their order: ${there.join(', ')}`;
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        only: { type: 'string', multiple: true },
        from: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { text: usage, code: 0 };
    const swallowed = (['only', 'from'] as const).find((option) =>
      parts.some((part) => env[`npm_config_${option}`]?.split(',').includes(part)),
    );
    if (swallowed) throw new Error(`npm took --${swallowed} for itself: write -- before it`);
    const only = values.only?.flatMap((list) => list.split(',').map((name) => name.trim()));
    for (const name of [...(only ?? []), ...(values.from === undefined ? [] : [values.from])]) {
      if (there.some((part) => part === name)) continue;
      const elsewhere = parts.some((part) => part === name) ? `; it is in ${commands.all}` : '';
      throw new Error(`${commands[set]} has no part "${name}"${elsewhere}`);
    }
    const from = there.map(String).indexOf(values.from ?? '');
    const chosen = there.filter((part, at) => at >= from && (!only || only.includes(part)));
    if (chosen.length === 0) throw new Error(`no part of --only is left from ${values.from} on`);
    return { parts: chosen };
  } catch (error) {
    return { text: `${(error as Error).message}\n\n${usage}`, code: 2 };
  }
}
