import test from 'ava';
import { gitBisectText } from '../../scripts/actions/bisect-git.ts';
import type { GitBisected } from '../../scripts/modules/git-bisection.ts';
import type { DebianKernel } from '../../scripts/providers/kernels/debian-kernel.ts';

const commit = (letter: string, subject: string) => ({ id: letter.repeat(40), subject });
const [old, broken, young] = [commit('a', 'ipvs: old'), commit('b', 'ipvs: broken'), commit('c', 'ipvs: young')];
const kernel = { name: '6.12.118+deb13-cloud-amd64' } as DebianKernel;
const found: GitBisected = {
  tried: [
    { commit: broken, verdict: 'the lab broke', why: 'ip_vs_rr.c:1:1: error: no' },
    { commit: young, verdict: 'reproduced', why: null },
    { commit: old, verdict: 'not reproduced', why: null },
  ],
  good: old,
  bad: young,
  went: false,
  skipped: [],
};
const textOf = (bisected: GitBisected) => gitBisectText('A bug', kernel, bisected, (_, text) => text);

test('the first commit with the bug is named, with what was tried and what was skipped', (t) => {
  const text = textOf({ ...found, skipped: [broken] });
  t.regex(text, /cccccccccccc is the first commit with the bug:\n {2}ipvs: young\n/);
  t.regex(text, /2 +c{12} +ipvs: young +reproduced/);
  t.regex(text, /1 +b{12} +ipvs: broken +skipped: ip_vs_rr\.c:1:1: error: no/);
  t.regex(text, /Of 1 commit before it nothing is known: b{12}\./);
  t.notRegex(textOf(found), /nothing is known/);
});

test('of a bug that went the first commit without it is named', (t) => {
  const text = textOf({ ...found, good: young, bad: old, went: true });
  t.regex(text, /cccccccccccc is the first commit without the bug:\n {2}ipvs: young\n/);
});
