import test from 'ava';
import { caseOf } from './cases.ts';
import { tracked } from './drawn.ts';
import { goldenPath, goldenPaths } from './golden.ts';
import { conversation, readGolden } from './made.ts';

for (const lab of goldenPaths) {
  test(`lab ${lab}: a request makes the hops of the plan, and no frame of it is left over`, async (t) => {
    const { plan, service, server, there, back } = await caseOf(lab);
    const found = tracked(plan, service, conversation(plan, { there, back }));
    t.deepEqual(found.differences, []);
    t.is(found.end, undefined);
    t.is(found.server, server);
    t.is(found.followed.others, 0);
  });

  test(`lab ${lab}: the planned hops and the ladder are as in the golden file`, async (t) => {
    t.is(await goldenPath(lab), await readGolden(`${lab}.txt`), 'npm run golden writes it anew');
    for (const line of (await goldenPath(lab)).split('\n').slice(5)) t.true([...line].length <= 80, line);
  });
}
