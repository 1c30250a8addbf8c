import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { LabFileError } from '../../scripts/errors.ts';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderPlan } from '../../scripts/render/render.ts';
import { cpuTime } from '../cpu-time.ts';

// Lab files as a class writes them: a real one in which something is wrong.

type Node = unknown;
type Place = (string | number)[];

/** How many files are tried; `FUZZ=100000 npx ava test/model/fuzz.test.ts` tries more. */
const cases = Number(process.env.FUZZ ?? 20_000);

const sound = await Promise.all(
  [...(await listLabFiles()).keys()].map((name) => readFile(join(projectRoot, 'labs', `${name}.yaml`), 'utf8')),
);
const documents: Node[] = sound.map((text) => parse(text));
const templates = await loadTemplates(projectRoot);

function placesIn(node: Node, at: Place = []): Place[] {
  if (typeof node !== 'object' || node === null) return [at];
  return [at, ...Object.entries(node).flatMap(([key, value]) => placesIn(value, [...at, key]))];
}

/** Keys and values of all labs: what is right in one place is the likeliest mistake in another. */
const keys = [...new Set(documents.flatMap((one) => placesIn(one).flatMap((place) => String(place.at(-1) ?? 'x'))))];
const values = documents.flatMap((one) => placesIn(one).map((place) => valueAt(one, place)));

function valueAt(node: Node, place: Place): Node {
  return place.reduce<Node>((inner, key) => (inner as Record<string, Node>)[key], node);
}

const hostile = fc.constantFrom<Node>(
  ...[
    '',
    ' ',
    '$(reboot)',
    '`id`',
    "a'b",
    'a"b',
    'a\nb',
    '../../etc',
    '/dev/vda',
    '-A',
    '--help',
    'é',
    '💥',
    'x'.repeat(300),
  ],
  ...[
    '__proto__',
    'constructor',
    'NaN',
    '0x10',
    '1e9',
    '1_000',
    '2026-11-25',
    'null',
    '~',
    '*a',
    '&a',
    '!!js/function',
  ],
  ...[
    '0.0.0.0',
    '255.255.255.255',
    '127.0.0.1',
    '224.0.0.1',
    '10.0.0.0/0',
    '10.0.0.1/33',
    '::',
    '::1/128',
    '::ffff:1.2.3.4',
  ],
  ...['fe80::1%eth0', 'ff02::1', '1.2.3', '01.02.03.04', '192.168.1.0/31', '192.168.1.3/24'],
  ...[0, -1, 1, 65, 65535, 65536, 2 ** 31, 2 ** 53, 1.5, -0, 1e308, true, false, null],
  ...[[], {}, [[]], [null], { '': 1 }],
);
const replacement = fc.oneof(hostile, fc.constantFrom(...values), fc.string(), fc.jsonValue({ maxDepth: 3 }));

interface Change {
  kind: 'replace' | 'delete' | 'insert' | 'double';
  where: number;
  key: string;
  value: Node;
}
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('replace', 'delete', 'insert', 'double'),
  where: fc.nat(),
  key: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: fc.string() }),
  value: replacement,
});

function changed(node: Node, { kind, where, key, value }: Change): Node {
  const places = placesIn(node);
  const place = places[where % places.length] ?? [];
  const last = place.at(-1);
  if (last === undefined) return kind === 'replace' ? value : node;
  const copy: Node = structuredClone(node);
  const parent = valueAt(copy, place.slice(0, -1)) as Record<string, Node> | Node[];
  if (Array.isArray(parent)) {
    const index = Number(last);
    if (kind === 'delete') parent.splice(index, 1);
    else if (kind === 'double') parent.splice(index, 0, structuredClone(parent[index]));
    else parent[index] = value;
  } else if (kind === 'delete') delete parent[last];
  else
    Object.defineProperty(parent, kind === 'insert' ? key : last, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return copy;
}

/** The text of a sound lab with a few changes in its structure; or one whose text was cut, or has something put into it. */
const labText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...documents), fc.array(change, { minLength: 1, maxLength: 4 }))
      .map(([start, changes]) => stringify(changes.reduce(changed, start)) ?? ''),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...sound),
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.oneof(fc.string(), fc.string({ unit: 'binary' })),
      )
      .map(([text, at, cut, put]) => {
        const from = at % text.length;
        return text.slice(0, from) + put + text.slice(from + cut);
      }),
  },
);

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** Whether a shell would make something of it even in quotes of the wrong kind; `>` is in the kit's own words only. */
function isOdd(text: string): boolean {
  return /[^\w .:/@%+,=()[\]?>-]/.test(text);
}

test(`${cases} lab files with something wrong: each is a lab that can be planned, or problems with a line`, (t) => {
  let labs = 0;
  let refused = 0;
  fc.assert(
    fc.property(labText, (text) => {
      const start = cpuTime();
      try {
        const { lab, warnings } = parseLab(text, { name: 'x', file: 'x.yaml' });
        const plan = makePlan(lab);
        if (labs++ % 50 === 0) renderPlan(plan, templates);
        const odd = plan.phases.flatMap(({ scripts }) =>
          scripts.flatMap(({ context }) => stringsIn(context).filter(isOdd)),
        );
        if (odd.length > 0) throw new Error(`a script gets ${odd}`);
        for (const { line } of warnings) if (!(line >= 1)) throw new Error('a warning without a line');
      } catch (error) {
        if (!(error instanceof LabFileError)) throw error;
        refused++;
        const lines = text.split('\n').length + 1;
        for (const { line, what } of error.problems) {
          if (!(line >= 1 && line <= lines) || !what) throw new Error(`line ${line} of ${lines}: ${what}`);
        }
        if (error.problems.length === 0) throw new Error('refused without a problem');
      }
      const ms = cpuTime() - start;
      if (ms > 3000) throw new Error(`took ${ms} ms`);
    }),
    { numRuns: cases },
  );
  t.log(`${labs} labs, ${refused} refused`);
  t.true(labs > cases / 50 && refused > cases / 4, 'both kinds are met');
});
