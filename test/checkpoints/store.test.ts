import { existsSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { checkpointsText } from '../../scripts/actions/checkpoints.ts';
import { requireSameContent, requireUnchanged } from '../../scripts/checkpoints/damage.ts';
import { findCheckpoint, requireReadable } from '../../scripts/checkpoints/find.ts';
import { requireLabel } from '../../scripts/checkpoints/label.ts';
import { requireParts } from '../../scripts/checkpoints/parts.ts';
import type { Checkpoint } from '../../scripts/checkpoints/schema.ts';
import {
  forgetCheckpoint,
  keptCheckpoints,
  makeDraft,
  removeLeftovers,
  removeLeftoversOfOthers,
} from '../../scripts/checkpoints/store.ts';
import { ProviderError, UsageError } from '../../scripts/errors.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { lockLab } from '../../scripts/host/run-state.ts';
import { draftOf, freshCache, keep, placeIn } from './made.ts';

const cache = await freshCache();
test.after.always(() => removeTree(cache));

test.serial('a label becomes a part of one folder’s name, or is refused', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('..', '.', '-x', 'a/b', 'a.b', 'a'.repeat(41), '')), (text) => {
      try {
        t.is(requireLabel(text), text);
        t.regex(text, /^\w[\w-]*$/);
      } catch (error) {
        t.true(error instanceof UsageError);
      }
    }),
  );
  t.is(requireLabel('Broken_2-b'), 'Broken_2-b');
});

test.serial('a draft does not count; once it has its name it replaces the earlier one of its label', async (t) => {
  const place = placeIn(cache);
  await draftOf(place, 'latest');
  t.deepEqual(await keptCheckpoints(place), []);
  const first = await keep(place, 'latest');
  const other = await keep(place, 'other', { saved: '2026-11-30T09:00:00.000Z' });
  const later = await keep(place, 'latest', { saved: '2026-11-29T10:00:00.000Z' }); // the clock was set back
  const kept = await keptCheckpoints(place);
  t.deepEqual(
    kept.map(({ folder }) => folder),
    [later, other],
  );
  const there = (await readdir(dirname(first))).filter((name) => name !== 'lab.json');
  t.deepEqual(there.map((name) => join(dirname(first), name)).sort(), [later, other].sort());
  for (const one of kept) await forgetCheckpoint(place, one);
  t.deepEqual(await readdir(join(cache, 'lvs-lab')), []);
});

test.serial('what killed commands have left goes with the next one on that lab, and nothing else', async (t) => {
  const place = placeIn(cache, 'web');
  const kept = await keep(place, 'latest');
  const { draft } = await makeDraft(place);
  await mkdir(`${kept}.draft`);
  await removeLeftovers(place);
  t.deepEqual((await readdir(dirname(draft))).sort(), [basename(kept), 'lab.json'].sort());
  const [one] = await keptCheckpoints(place);
  if (one) await forgetCheckpoint(place, one);
});

test.serial('what killed commands have left of other labs goes too, unless a command works on one', async (t) => {
  const [busy, idle] = [placeIn(cache, 'busy'), placeIn(cache, 'idle')].map((one, at) => ({
    ...one,
    id: `000000000${at}`,
  }));
  if (!busy || !idle) throw new Error('two places');
  const drafts = [await makeDraft(busy), await makeDraft(idle)].map(({ draft }) => draft);
  const lock = await lockLab(busy, 'lab save busy', () => {});
  await removeLeftoversOfOthers(placeIn(cache));
  t.deepEqual(drafts.map(existsSync), [true, false]);
  lock.release();
  await removeLeftoversOfOthers(placeIn(cache));
  t.deepEqual(drafts.map(existsSync), [false, false]);
});

test.serial('a checkpoint says which folder it belongs to, and how it is removed from another one', async (t) => {
  const place = placeIn(join(cache, 'a course'), 'dr');
  await keep(place, 'broken');
  const kept = await keptCheckpoints(place);
  t.is(kept[0]?.belongsTo, join(cache, 'a course'));
  t.regex(checkpointsText(kept, join(cache, 'a course')), /^lab .*\ndr +broken/);
  t.regex(
    checkpointsText(kept, '/elsewhere').replaceAll('\n', ' '),
    /^of .*\/a course; .*lab forget NAME LABEL --in '.*\/a course': lab .* dr +broken/,
  );
  for (const one of kept) await forgetCheckpoint(place, one);
});

test.serial('a label that is not there is answered with the one that was meant', async (t) => {
  const place = placeIn(cache);
  await keep(place, 'broken');
  t.is((await findCheckpoint(place, 'broken')).label, 'broken');
  const error = await t.throwsAsync(findCheckpoint(place, 'brokn'), { instanceOf: UsageError });
  t.is(error?.message, 'lab dr has no checkpoint brokn; did you mean broken?');
  const elsewhere = await t.throwsAsync(findCheckpoint(placeIn(cache, 'drr'), 'broken'), { instanceOf: UsageError });
  t.is(elsewhere?.message, `lab drr has no checkpoint in ${cache}; did you mean dr?`);
  const here = await t.throwsAsync(findCheckpoint(placeIn(process.cwd(), 'web'), 'broken'), { instanceOf: UsageError });
  t.is(here?.message, 'lab web has no checkpoint in this folder');
});

test.serial('files that were cut, touched, lost or changed are named', async (t) => {
  const place = placeIn(cache);
  const folder = await keep(place, 'damaged');
  const checkpoint = requireReadable(await findCheckpoint(place, 'damaged'));
  await t.notThrowsAsync(requireUnchanged(folder, checkpoint));
  await t.notThrowsAsync(requireSameContent(folder, checkpoint));
  const state = join(folder, 'rs1.state');
  await utimes(state, 1, 1);
  await t.notThrowsAsync(requireUnchanged(folder, checkpoint), 'a date alone is no damage');
  const changed = new Date(checkpoint.parts.find(({ file }) => file === 'rs1.state')?.changed ?? 0);
  await writeFile(state, 'damaged: devicez'); // as long as before
  await t.throwsAsync(requireUnchanged(folder, checkpoint), { instanceOf: ProviderError, message: /: rs1\.state$/ });
  await utimes(state, changed, changed);
  await t.throwsAsync(requireSameContent(folder, checkpoint), {
    instanceOf: ProviderError,
    message: 'the checkpoint damaged of lab dr was damaged: rs1.state',
  });
  await removeTree(join(folder, 'image', 'root.erofs'));
  await t.throwsAsync(requireUnchanged(folder, checkpoint), { message: /image\/root\.erofs/ });
  await writeFile(join(folder, 'checkpoint.json'), '{}');
  const unreadable = await findCheckpoint(place, 'damaged');
  t.throws(() => requireReadable(unreadable), { instanceOf: ProviderError, message: /cannot be read/ });
  t.regex(checkpointsText([unreadable], cache), /^dr +damaged +cannot be read$/m);
  await forgetCheckpoint(place, unreadable);
  await t.throwsAsync(findCheckpoint(place, 'damaged'), { instanceOf: UsageError });
});

test.serial('a checkpoint with other files than its machines have is refused', async (t) => {
  const { checkpoint } = await draftOf(placeIn(cache), 'parts');
  const saved = checkpoint.parts.filter(({ file }) => file !== 'run.tar').map(({ file, size }) => ({ file, size }));
  t.notThrows(() => requireParts(checkpoint, saved));
  const refused = (parts: Checkpoint['parts'], named: RegExp) => {
    const error = t.throws<ProviderError>(() => requireParts({ ...checkpoint, parts }, saved), {
      instanceOf: ProviderError,
    });
    t.regex(error?.facts.cause ?? '', named);
  };
  const [first, ...others] = checkpoint.parts;
  if (!first) throw new Error('no part');
  refused(others, new RegExp(`: ${first.file}$`));
  refused([...checkpoint.parts, { ...first, file: 'checkpoint.json' }], /: checkpoint\.json$/);
  refused([{ ...first, size: first.size + 1 }, ...others], new RegExp(`: ${first.file}$`));
});

test.serial('the list fits on a screen of 80 columns', async (t) => {
  const place = placeIn(cache, 'l'.repeat(41));
  await keep(place, 'b'.repeat(40));
  const text = checkpointsText(await keptCheckpoints(place), cache);
  for (const line of text.split('\n')) t.true(line.length <= 80, line);
  t.regex(text, /Debian/);
});
