import test from 'ava';
import fc from 'fast-check';
import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { shellQuote } from '../../scripts/render/shell-quote.ts';
import { mayMount } from '../namespaces.ts';
import { drillTexts, goldenLabs, planOf, type Rendered } from './golden.ts';
import { callsOf } from './in-a-shell.ts';
import { lookScripts } from './look-scripts.ts';

// What if a plan held anything at all? Each value that a template quotes is replaced by text that a shell would run.

const render = renderer(await loadTemplates(projectRoot));

const pieces = [
  "'",
  '"',
  '`canary`',
  '$(canary)',
  ';canary;',
  '\n',
  '\\',
  '|canary',
  '&',
  '$HOME',
  '*',
  '#',
  ' ',
  '{ ',
  '<a',
  '>a',
  'é',
  '💥',
];
/** Without empty lines in a row, of which rendering leaves one. */
const hostileText = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 })
  .map((some) => some.join('').replaceAll(/\n{3,}/g, '\n\n'));

/** Programs and Debian packages, some several in a value: words of the kit's own, split on purpose. */
const tools = /^\/tools\//;

type Leaves = Map<string, string>;

/** The strings in a context, by where they stand. */
function leavesOf(value: unknown, at = ''): Leaves {
  if (typeof value === 'string') return new Map([[at, value]]);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, `${at}/${key}`)]));
}

function withLeaf(value: unknown, place: string, leaf: string, at = ''): unknown {
  if (at === place) return leaf;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withLeaf(inner, place, leaf, `${at}/${key}`)]);
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

function isForDig({ context }: Rendered, place: string): boolean {
  const [, list, at] = /^\/(services|requests)\/(\d+)\/targets\//.exec(place) ?? [];
  const asked = (context as Record<string, { client?: string }[]>)[list ?? ''] ?? [];
  return at !== undefined && asked[Number(at)]?.client === 'dig';
}

/** Where a template quotes a string, and nowhere says it as it is. */
function quotedPlaces(script: Rendered): string[] {
  const probe = '-canary \'"';
  return [...leavesOf(script.context).keys()].filter((place) => {
    // Names of templates are the kit's own.
    if (place.endsWith('/template')) return false;
    const text = render({ ...script, context: withLeaf(script.context, place, probe) as Rendered['context'] });
    const rest = text.replaceAll(shellQuote(probe), '');
    return rest !== text && !rest.includes('canary');
  });
}

const inNamespaces = mayMount ? test : test.skip;
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

inNamespaces('whatever a plan holds, dash takes it as one word where a template quotes it', async (t) => {
  t.timeout(600_000);
  t.log(`SEED=${seed}`);
  const plans = await Promise.all(goldenLabs.map(planOf));
  const all: Rendered[] = [
    ...plans.flatMap(({ phases }) => phases.flatMap(({ scripts }) => scripts)),
    ...(await Promise.all(goldenLabs.map(lookScripts))).flat().flatMap(({ templates }) => templates),
    ...(await drillTexts()),
  ];
  // One script of each text is enough.
  const different = [...new Map(all.map((script) => [`${script.template} ${render(script)}`, script])).values()];
  const texts: string[] = [];
  const put: string[] = [];
  for (const script of different) {
    const places = quotedPlaces(script).filter((place) => !tools.test(place));
    // Each begins as an option does, and with a word to know it by, and has an end that it has for itself.
    const values = fc
      .sample(hostileText, { numRuns: places.length, seed: seed + put.length })
      // The script takes what dig is asked apart at #, which an address does not hold.
      .map((text, index) => (isForDig(script, places[index] ?? '') ? text.replaceAll('#', '') : text))
      .map((text, index) => `-canary ${text}|${put.length + index}|`);
    const context = places.reduce<unknown>(
      (so, place, index) => withLeaf(so, place, values[index] ?? ''),
      script.context,
    );
    put.push(...values);
    // To see as much as can be seen of it: no step ends it.
    texts.push(
      render({ ...script, context: context as Rendered['context'] })
        .replace(/^set -eu$/m, 'printf() { command-printf "$@"; }\necho() { command-echo "$@"; }')
        .replaceAll(/\bexit\b/g, ': exit'),
    );
  }
  // A script that looks at a node waits for what is not here; the others are seen to their ends.
  const mustBeMet = put.filter((value) =>
    texts.some(
      (text, index) =>
        !/^(verify|checks|drills)\//.test(different[index]?.template ?? '') && text.includes(shellQuote(value)),
    ),
  );
  const calls = await bothWays(texts, 1);
  const isMet = (value: string) => calls.some((call) => call.some((word) => word.includes(value)));
  const late = mustBeMet.filter((value) => !isMet(value)).map(shellQuote);
  // This computer may have other things to do just now.
  calls.push(
    ...(await bothWays(
      texts.filter((text) => late.some((value) => text.includes(value))),
      10,
    )),
  );
  t.deepEqual(
    calls.filter(([name]) => name === 'canary'),
    [],
  );
  const words = calls.flat().filter((word) => word.includes('canary'));
  const split = words.filter((word) => !put.some((value) => word.includes(value)));
  t.deepEqual(split, []);
  t.deepEqual(
    mustBeMet.filter((value) => !isMet(value)),
    [],
  );
  t.log(`${texts.length} scripts, ${put.length} values put in, ${put.filter(isMet).length} met, ${calls.length} calls`);
});

/** Where all that is called succeeds, where all of it fails, and where files are that are not: both ways of each question. */
async function bothWays(texts: readonly string[], seconds: number): Promise<string[][]> {
  const elsewhere = texts.map((text) =>
    text.replaceAll(/\[ (! )?-e /g, (_, not: string | undefined) => (not ? '[ -e ' : '[ ! -e ')),
  );
  const calls: string[][] = [];
  for (const some of [texts, elsewhere])
    for (const status of [0, 1]) calls.push(...(await callsOf(some, status, seconds)));
  return calls;
}
