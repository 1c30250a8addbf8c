import test from 'ava';
import type { KernelSuite } from '../../../scripts/model/kernels.ts';
import { joined, kernelsIn } from '../../../scripts/providers/kernels/package-list.ts';
import { noSuchKernel, resolveKernel } from '../../../scripts/providers/kernels/resolve.ts';
import { backports, bookworm, one } from './lists.ts';

const list = (suite: KernelSuite, text: string) => kernelsIn(text, suite, 'http://a');
const archive = joined([
  list('bookworm', bookworm),
  list('bookworm', one('6.12.94+deb12-cloud-amd64', '6.12.94-1~deb12u1')),
  list('trixie', one('6.12.94+deb13-cloud-amd64', '6.12.94-1') + one('6.12.118+deb13-cloud-amd64', '6.12.118-1')),
  list('trixie-backports', backports),
]);
const catalog = { ...archive, updated: '2026-11-30T12:00:00Z', missing: [] };
const kept = list('trixie', one('6.12.90+deb13-cloud-amd64', '6.12.90-1')).kernels;
const known = { catalog, kept };
const nameOf = (word: string, release: 12 | 13 = 13) => resolveKernel(word, release, known)?.name;

test('a version is that one, in the build for the lab’s release', (t) => {
  t.is(nameOf('6.12.94'), '6.12.94+deb13-cloud-amd64');
  t.is(nameOf('6.12.94', 12), '6.12.94+deb12-cloud-amd64');
  t.is(nameOf('6.12.118', 12), '6.12.118+deb13-cloud-amd64');
});

test('a series is the newest of it', (t) => {
  t.is(nameOf('6.12'), '6.12.118+deb13-cloud-amd64');
  t.is(nameOf('6'), '6.18.15+deb13-cloud-amd64');
  t.is(nameOf('6.1'), '6.1.0-50-cloud-amd64');
  t.is(nameOf('6.1-generic'), '6.1.0-50-amd64');
});

test('a suite is the kernel of its metapackage', (t) => {
  t.is(nameOf('bookworm'), '6.1.0-50-cloud-amd64');
  t.is(nameOf('trixie-backports'), '7.3.4+deb13-cloud-amd64');
  t.is(nameOf('sid'), undefined);
});

test('what uname -r prints is that kernel', (t) => {
  t.is(nameOf('6.12.94+deb12-cloud-amd64'), '6.12.94+deb12-cloud-amd64');
});

test('a kernel that the archive has dropped is found in the cache', (t) => {
  t.is(nameOf('6.12.90'), '6.12.90+deb13-cloud-amd64');
  t.is(resolveKernel('6.12', 13, { catalog: undefined, kept })?.name, '6.12.90+deb13-cloud-amd64');
});

test('who wants a version that nobody has learns what is near, and where it was looked for', (t) => {
  const { message, facts } = noSuchKernel('6.12.92', known);
  t.is(message, 'there is no kernel 6.12.92');
  t.is(
    facts.cause,
    'looked for in Debian’s bullseye, bookworm, bookworm-backports, trixie, trixie-backports, sid, as of 2026-11-30, and in the cache',
  );
  t.is(facts.tryThis, '6.12.90 or 6.12.94, which are near; lab kernels lists all of them');
});

test('who wants a kernel of which a part is gone learns which', (t) => {
  t.is(nameOf('7.1'), undefined);
  t.regex(noSuchKernel('7.1', known).facts.cause ?? '', /^Debian’s archive has dropped linux-modules-7\.1\.13/);
});

test('suites that the archive lacks are not named as looked in', (t) => {
  const { facts } = noSuchKernel('bullseye', { catalog: { ...catalog, missing: ['bullseye'] }, kept });
  t.false(facts.cause?.includes('bullseye'));
});
