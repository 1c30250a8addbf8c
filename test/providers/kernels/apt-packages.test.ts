import test from 'ava';
import { missingPackage, statusText } from '../../../scripts/providers/kernels/apt-packages.ts';
import { sourcesFor, sourcesText } from '../../../scripts/providers/kernels/archive.ts';

const sources = sourcesText({ archive: 'http://a', security: 'http://s' });
const suitesIn = (text: string) => [...text.matchAll(/^Suites: (\S+)$/gm)].map(([, suite]) => suite);

test('headers and compiler come from the suite of their kernel; those of backports need its release too', (t) => {
  t.deepEqual(suitesIn(sourcesFor(sources, 'trixie')), ['trixie', 'trixie-security']);
  t.deepEqual(suitesIn(sourcesFor(sources, 'bookworm-backports')), [
    'bookworm',
    'bookworm-security',
    'bookworm-backports',
  ]);
  t.deepEqual(suitesIn(sourcesFor(sources, 'sid')), ['sid']);
});

test('a package that apt does not know is told from one of which only the version is missing', (t) => {
  t.is(missingPackage('E: Unable to locate package linux-headers-6\nE: more\n'), 'linux-headers-6');
  t.is(missingPackage("E: Version '6.12.9-1' for 'linux-source-6.12' was not found\n"), 'linux-source-6.12 6.12.9-1');
  t.is(missingPackage('E: Failed to fetch http://a/x.deb  404  Not Found\n'), undefined);
});

test('the kernel counts as installed, so that apt does not fetch it', (t) => {
  const text = statusText([{ name: 'linux-image-6.12.117+deb13-cloud-amd64', version: '6.12.117-1' }]);
  t.regex(text, /^Package: linux-image-6\.12\.117\+deb13-cloud-amd64\nStatus: install ok installed\n/);
  t.regex(text, /^Version: 6\.12\.117-1$/m);
});
