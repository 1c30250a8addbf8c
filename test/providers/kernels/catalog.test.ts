import test from 'ava';
import {
  archiveSuites,
  configurationText,
  mirrorsIn,
  missingSuites,
  sourcesText,
} from '../../../scripts/providers/kernels/archive.ts';
import { compareDebian } from '../../../scripts/providers/kernels/debian-version.ts';
import { joined, kernelsIn } from '../../../scripts/providers/kernels/package-list.ts';
import { backports, bookworm, one } from './lists.ts';

test('a list of packages has kernels of both flavours, and no symbols, unsigned or real-time ones', (t) => {
  const { kernels, newest } = kernelsIn(bookworm, 'bookworm', 'http://archive');
  t.deepEqual(
    kernels.map(({ name, version, debian, flavour }) => [name, version, debian, flavour]),
    [
      ['6.1.0-50-cloud-amd64', '6.1.176', '6.1.176-1', 'cloud'],
      ['6.1.0-50-amd64', '6.1.176', '6.1.176-1', 'generic'],
    ],
  );
  t.deepEqual(kernels[0]?.packages, [
    {
      name: 'linux-image-6.1.0-50-cloud-amd64',
      uri: 'http://archive/pool/main/l/linux-signed-amd64/linux-image-6.1.0-50-cloud-amd64_6.1.176-1_amd64.deb',
      size: 26484304,
      sha256: 'aa',
    },
  ]);
  t.deepEqual(newest, [{ suite: 'bookworm', flavour: 'cloud', name: '6.1.0-50-cloud-amd64', debian: '6.1.176-1' }]);
});

test('a kernel in several packages has all of them; one of which the list lacks the modules is no kernel', (t) => {
  const { kernels, incomplete } = kernelsIn(backports, 'trixie-backports', 'http://archive');
  t.deepEqual(
    kernels.map(({ version, packages }) => [version, ...packages.map(({ sha256 }) => sha256)]),
    [
      ['7.3.4', '01', '04', '02', '03'],
      ['6.18.15', '07'],
    ],
  );
  t.deepEqual(incomplete, [
    {
      name: '7.1.13+deb13-cloud-amd64',
      version: '7.1.13',
      flavour: 'cloud',
      lacks: 'linux-modules-7.1.13+deb13-cloud-amd64',
    },
  ]);
});

test('lists are joined: each build once with its suites, in the order of versions, and the later of two metapackages', (t) => {
  const security = bookworm
    .replaceAll('6.1.0-50-', '6.1.0-57-')
    .replaceAll('6.1.176', '6.1.192')
    .concat(one('6.1.0-50-cloud-amd64', '6.1.176-1'));
  const { kernels, newest } = joined([
    kernelsIn(backports, 'trixie-backports', 'http://a'),
    kernelsIn(bookworm, 'bookworm', 'http://a'),
    kernelsIn(security, 'bookworm', 'http://b'),
    kernelsIn(one('6.1.0-50-cloud-amd64', '6.1.176-1'), 'bullseye', 'http://b'),
  ]);
  t.deepEqual(
    kernels.filter(({ flavour }) => flavour === 'cloud').map(({ version, suites }) => [version, ...suites]),
    [
      ['6.1.176', 'bookworm', 'bullseye'],
      ['6.1.192', 'bookworm'],
      ['6.18.15', 'trixie-backports'],
      ['7.3.4', 'trixie-backports'],
    ],
  );
  t.is(newest.find(({ suite }) => suite === 'bookworm')?.name, '6.1.0-57-cloud-amd64');
});

test('versions of packages are in dpkg’s order', (t) => {
  const ordered = [
    '5.10.262-1',
    '6.1.176-1~deb11u1',
    '6.1.176-1',
    '6.12.90-1~bpo12+1',
    '6.12.90-1',
    '6.12.90-2',
    '6.12.100-1~deb12u1',
    '6.12.100-1',
    '1:1.0-1',
  ];
  for (const [at, version] of ordered.entries()) {
    t.is(compareDebian(version, version), 0);
    for (const later of ordered.slice(at + 1)) {
      t.true(compareDebian(version, later) < 0, `${version} ${later}`);
      t.true(compareDebian(later, version) > 0, `${later} ${version}`);
    }
  }
});

test('apt works in a folder of its own, and its way to the network is this computer’s', (t) => {
  const text = configurationText(
    '/cache/apt',
    [
      'Acquire "";',
      'Acquire::http::Proxy "http://proxy:3128";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::AllowInsecureRepositories "1";',
      'Acquire::IndexTargets::deb::DEP-11 "";',
      'Acquire::Languages:: "de";',
    ].join('\n'),
  );
  t.true(text.includes('Acquire::http::Proxy "http://proxy:3128";'));
  t.true(text.includes('Acquire::Check-Valid-Until "false";'));
  t.false(/AllowInsecure|DEP-11|"de"/.test(text));
  t.true(text.includes('Dir "/cache/apt";'));
});

test('kernels come from where mmdebstrap takes the packages of the guest image', (t) => {
  const mirrors = mirrorsIn(`deb http://mirror/debian trixie main
deb http://mirror/debian trixie-updates main
deb [signed-by="/a/key.gpg"] http://other/debian-security trixie-security main
`);
  t.deepEqual(mirrors, { archive: 'http://mirror/debian', security: 'http://other/debian-security' });
  t.is(mirrorsIn('deb http://mirror/debian trixie main\n'), undefined);
  if (!mirrors) return;
  const text = sourcesText(mirrors);
  for (const { suite, from } of archiveSuites)
    t.true(text.includes(`URIs: ${mirrors[from]}\nSuites: ${suite}\n`), suite);
  t.is(text.match(/^Signed-By: /gm)?.length, archiveSuites.length);
});

test('suites that the archive does not have are in what apt complains of', (t) => {
  const stderr = [
    "E: The repository 'http://archive/debian bullseye Release' no longer has a Release file.",
    "E: The repository 'http://archive/debian trixie-backports Release' does not have a Release file.",
    'W: Some index files failed to download. They have been ignored, or old ones used instead.',
  ].join('\n');
  t.deepEqual(missingSuites(stderr), ['bullseye', 'trixie-backports']);
  t.deepEqual(missingSuites(''), []);
});
