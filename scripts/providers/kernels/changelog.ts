import { compareDebian } from './debian-version.ts';

/** What a changelog says of one version of a package. */
export interface Changes {
  version: string;
  lines: string[];
}

/** The first line of an entry: deb-changelog(5). */
const heading = /^linux\S* \((\S+)\) /;

/**
 * What Debian's changelog of the kernel says of IPVS between two versions: after the older one, up to the newer one.
 * @param text deb-changelog(5), the newest entry first
 */
export function ipvsChanges(text: string, older: string, newer: string): Changes[] {
  const [above, upTo] = [sourceVersion(older), sourceVersion(newer)];
  const found: Changes[] = [];
  for (const line of text.split('\n')) {
    const [, version] = heading.exec(line) ?? [];
    if (version !== undefined) found.push({ version, lines: [] });
    // A bullet of an upstream version, `    - ipvs: …`, or one of Debian's own, `  * [amd64] ipvs: …`.
    const [, change] = /^ {2,}[-*] (.*\b(?:ipvs|IPVS|ip_vs)\b.*)/.exec(line) ?? [];
    if (change !== undefined) found.at(-1)?.lines.push(change);
  }
  return found.filter(
    ({ version, lines }) => lines.length > 0 && compareDebian(version, above) > 0 && compareDebian(version, upTo) <= 0,
  );
}

/** 6.12.94-1 of 6.12.94-1~bpo12+1: what a rebuild for an older release was made of. */
export function sourceVersion(version: string): string {
  return version.replace(/~(?:bpo|deb)\d.*$/, '');
}
