import { compareDebian } from './debian-version.ts';

/** What a changelog says of one version of a package. */
export interface Changes {
  version: string;
  lines: string[];
}

/** The first line of an entry: deb-changelog(5). */
const heading = /^linux\S* \((\S+)\) /;

/** The newest entry of a signed kernel, `linux-signed-amd64 (6.1.187+1)`, has all changes of the package that it names. */
const signed = /^ {2}\* Sign kernel from linux (\S+)$/;

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
    const [, source] = signed.exec(line) ?? [];
    const entry = found.at(-1);
    if (entry && source !== undefined) entry.version = source;
    // A bullet of an upstream version, `    - ipvs: …`, or one of Debian's own, `  * [amd64] ipvs: …`.
    const [, change] = /^ {2,}[-*] (.*\b(?:ipvs|IPVS|ip_vs)\b.*)/.exec(line) ?? [];
    if (change !== undefined) entry?.lines.push(change);
  }
  return found.filter(
    ({ version, lines }) => lines.length > 0 && compareDebian(version, above) > 0 && compareDebian(version, upTo) <= 0,
  );
}

/** 6.12.94-1 of 6.12.94-1~bpo12+1: what a rebuild for an older release was made of. */
export function sourceVersion(version: string): string {
  return version.replace(/~(?:bpo|deb)\d.*$/, '');
}
