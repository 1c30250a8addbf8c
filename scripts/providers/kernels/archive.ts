import type { KernelSuite } from '../../model/kernels.ts';
import { archiveKeyring } from './parts.ts';

/** Debian's own archive, and the updates that its security team makes. */
export type Archive = 'archive' | 'security';

/** Where this computer gets both from. */
export type Mirrors = Record<Archive, string>;

/** A suite of the archive, and the word that names it in a lab file. */
export interface ArchiveSuite {
  suite: string;
  word: KernelSuite;
  from: Archive;
}

export const archiveSuites: readonly ArchiveSuite[] = [
  { suite: 'bullseye', word: 'bullseye', from: 'archive' },
  { suite: 'bullseye-security', word: 'bullseye', from: 'security' },
  { suite: 'bookworm', word: 'bookworm', from: 'archive' },
  { suite: 'bookworm-security', word: 'bookworm', from: 'security' },
  { suite: 'bookworm-backports', word: 'bookworm-backports', from: 'archive' },
  { suite: 'trixie', word: 'trixie', from: 'archive' },
  { suite: 'trixie-security', word: 'trixie', from: 'security' },
  { suite: 'trixie-backports', word: 'trixie-backports', from: 'archive' },
  { suite: 'sid', word: 'sid', from: 'archive' },
];

/** The release whose sources mmdebstrap is asked for. */
export const askedRelease = 'trixie';

/**
 * The mirrors in sources that mmdebstrap writes for a release, sources.list(5) in the form of one line each.
 * @returns undefined where one of both is missing
 */
export function mirrorsIn(sources: string): Mirrors | undefined {
  const uriOf = (suite: string) => new RegExp(`^deb (?:\\[[^\\]]*\\] )?(\\S+) ${suite} `, 'm').exec(sources)?.[1];
  const [archive, security] = [uriOf(askedRelease), uriOf(`${askedRelease}-security`)];
  return archive && security ? { archive, security } : undefined;
}

/** Sources of apt, sources.list(5), for these suites. */
export function sourcesText(mirrors: Mirrors, suites: readonly ArchiveSuite[] = archiveSuites): string {
  return suites
    .map(({ suite, from }) =>
      [
        'Types: deb',
        `URIs: ${mirrors[from]}`,
        `Suites: ${suite}`,
        'Components: main',
        'Architectures: amd64',
        `Signed-By: ${archiveKeyring}`,
      ].join('\n'),
    )
    .join('\n\n');
}

/**
 * A configuration of apt, apt.conf(5), with everything in a folder of its own: nothing of this computer's apt is read or changed
 * but the ways to reach the network.
 * @param acquire what `apt-config dump Acquire` prints of this computer's: proxies, time-outs, retries
 */
export function configurationText(folder: string, acquire: string): string {
  const ways = acquire
    .split('\n')
    .filter((line) => /^Acquire::/.test(line))
    .filter((line) => !/^Acquire::(IndexTargets|Changelogs|Languages|CompressionTypes|GzipIndexes|Allow)/.test(line));
  return [
    ...ways,
    `Dir "${folder}";`,
    `Dir::Etc "${folder}";`,
    `Dir::Etc::sourcelist "${folder}/none";`,
    `Dir::Etc::sourceparts "${folder}/sources";`,
    `Dir::State "${folder}";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}";`,
    // The lists are read once after each update, so no index of them is kept.
    'Dir::Cache::pkgcache "";',
    'Dir::Cache::srcpkgcache "";',
    'Acquire::GzipIndexes "true";',
    'Acquire::Languages "none";',
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
    // The folder is private: another user could not write to it.
    'APT::Sandbox::User "root";',
    '',
  ].join('\n');
}

/** Of sources that `sourcesText` has made, those that a kernel of a suite is built with: backports need their release. */
export function sourcesFor(sources: string, suite: KernelSuite): string {
  const words = [suite, suite.replace(/-backports$/, '')];
  const suites = archiveSuites.filter(({ word }) => words.includes(word)).map((one) => `Suites: ${one.suite}`);
  return sources
    .trim()
    .split('\n\n')
    .filter((paragraph) => paragraph.split('\n').some((line) => suites.includes(line)))
    .join('\n\n');
}

/** Suites of which `apt-get update` says that the archive has them no more, or not yet. */
export function missingSuites(stderr: string): string[] {
  const pattern = /The repository '\S+ (\S+) (?:In)?Release' (?:does not have|no longer has) a Release file/g;
  return [...stderr.matchAll(pattern)].map(([, suite = '']) => suite);
}
