import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { claimsOf } from '../../scripts/comparison/claims.ts';
import { type LoadFigures, loads, methodFigures } from '../../scripts/comparison/methods.ts';
import { methodsPicture } from '../../scripts/comparison/picture.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { differencesOf, methodsRows, methodsText } from '../../scripts/report/compared-methods.ts';
import { widthOf } from '../../scripts/report/wrap.ts';
import { caseOf } from '../path/cases.ts';
import { page } from '../path/made.ts';
import { agreeing, comparedLabs, figuresOf, goldenComparison, look, none } from './golden.ts';

/** The page has five packets of the client, with 83 bytes of a request, and five of the server, with 310 bytes of an answer. */
const [fromClient, fromServer] = (['there', 'back'] as const).map(
  (way) => page.filter((one) => one.way === way).length,
);

const labs: [
  lab: string,
  director: { in: number; out: number },
  added: number,
  changed: string[],
  back: string[] | null,
][] = [
  ['nat', { in: 10, out: 10 }, 0, ['target address', 'TTL'], ['source address', 'TTL']],
  ['dr', { in: 5, out: 5 }, 0, ['TTL'], null],
  ['tun', { in: 5, out: 5 }, 20, ['IP in IP header', 'TTL'], null],
  ['tun-gre', { in: 5, out: 5 }, 24, ['GRE header', 'TTL'], null],
  ['tun-gue', { in: 5, out: 5 }, 32, ['GUE header', 'TTL'], null],
];

for (const [lab, packets, added, changed, back] of labs) {
  test(`lab ${lab}: packets through the director, header bytes and fields that it changes`, async (t) => {
    t.deepEqual([fromClient, fromServer], [5, 5]);
    const { loads: figures, rewritten } = await figuresOf(lab);
    const director = figures[0]?.director;
    t.deepEqual({ in: director?.in.packets.median, out: director?.out.packets.median }, packets);
    t.deepEqual(rewritten.there, { fields: changed, addedBytes: added });
    t.deepEqual(rewritten.back?.fields ?? null, back);
    const longer = (director?.out.bytes.median ?? 0) - (director?.in.bytes.median ?? 0);
    t.is(longer, added * (fromClient ?? 0));
  });
}

test('IPVS and the frames: what both counted is the same, and a difference is told', async (t) => {
  for (const lab of ['nat', 'dr']) t.deepEqual((await agreeing(lab)).loads.flatMap(differencesOf), [], lab);
  const [page] = (await figuresOf('dr', { inPackets: 4, inBytes: 200 })).loads;
  t.deepEqual(page && differencesOf(page), ['requests: IPVS 4 packets, 200 bytes; came 5, 343']);
});

test('the report of the forwarding methods', async (t) => {
  const found = await Promise.all(comparedLabs.map(agreeing));
  const text = await goldenComparison();
  t.deepEqual(
    text.split('\n').filter((line) => widthOf(line) > 80),
    [],
  );
  t.is(text, await readFile(join(projectRoot, 'test/golden/comparison.txt'), 'utf8'));
  const [head = [], ...rows] = methodsRows(found);
  t.true(rows.length === labs.length * loads.length && rows.every((row) => row.length === head.length));
});

test('the picture stands alone, for light and dark screens, and has a bar for each number', async (t) => {
  const picture = methodsPicture([await figuresOf('nat'), await figuresOf('dr')]);
  t.regex(picture, /prefers-color-scheme:dark/);
  t.notRegex(picture, /href|<script|url\(/);
  t.is(picture.split('<rect class="in"').length - 1, 2 * loads.length);
  t.is(picture.split('<rect class="out"').length - 1, 2 * loads.length);
});

test('claims of texts on LVS: which hold, which do not, and which counts cannot tell', async (t) => {
  const found = await Promise.all(comparedLabs.map(agreeing));
  const claims = claimsOf(found);
  t.deepEqual(
    claims.map(({ holds }) => holds),
    [true, true, true, true, true, true, true, null],
  );
  t.is(claims[1]?.measured, '2.7 times the bytes of dr');
  // An upload, nearly all of whose bytes go to the server.
  const upload = found.map((lab) => ({
    ...lab,
    loads: lab.loads.map((one) => ({ ...one, director: heavy(lab.lab) })),
  }));
  t.like(claimsOf(upload)[2], { measured: '1.1 times the bytes of dr', holds: false });
  const counted = (request: number) => [{ part: 'requests' as const, functions: [], calls: 5, call: null, request }];
  const worked = (tun: number) =>
    claimsOf([
      ...found.filter(({ lab }) => lab === 'dr').map((one) => ({ ...one, instructions: counted(20_000) })),
      ...found.filter(({ lab }) => lab === 'tun').map((one) => ({ ...one, instructions: counted(tun) })),
    ]).at(-1);
  t.like(worked(22_000), {
    measured: 'instructions of IPVS for a page: 20,000 in dr, tun + 10 %',
    holds: true,
  });
  t.like(worked(30_000), { holds: false });
  t.like(worked(19_000), { measured: 'instructions of IPVS for a page: 20,000 in dr, tun − 5 %', holds: false });
  t.deepEqual(claimsOf(found.filter(({ lab }) => lab === 'nat')), []);
});

function heavy(lab: string): LoadFigures['director'] {
  const value = lab === 'nat' ? 22_000 : 20_000;
  const same = { median: value, least: value, most: value };
  return { in: { packets: same, bytes: same }, out: { packets: same, bytes: same } };
}

test('a lab whose requests had no answer has no figures, and says so', async (t) => {
  const { plan } = await caseOf('dr');
  const seen = { requests: [], failed: 3, before: none, after: none, entries: 0 };
  const found = methodFigures(plan, [{ load: 'page', ...seen }], { entryBytes: null, instructions: null });
  t.regex(methodsText([found], look), /requests without an answer: dr 3/);
  t.notRegex(methodsText([found], look), /NaN|Infinity/);
});
