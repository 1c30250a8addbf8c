import { joinAddress } from '../../model/addresses.ts';
import type { Plan, PlannedSite } from '../../plan/plan.ts';
import type { Check } from '../check.ts';
import type { SiteNodeSeen } from '../site-seen.ts';

type Nodes = ReadonlyMap<string, SiteNodeSeen>;

/** The layers that the site's pages stand on, from the lowest up: files, PHP, database. */
export function judgeLayers(plan: Plan, site: PlannedSite, nodes: Nodes): Check[] {
  const found = files(plan, site, nodes);
  // PHP has no programs while there are no files: the lowest layer is named.
  const standing = found?.ok === false ? [database, door] : [php, database, door];
  return [...(found ? [found] : []), ...standing.flatMap((check) => check(plan, site, nodes) ?? [])];
}

/** What does not run of a unit whose name begins so; undefined when all does. */
function stopped(nodes: Nodes, node: string | null, name: string): string | undefined {
  const units = [...((node && nodes.get(node)?.units) || [])].filter(([unit]) => unit.startsWith(name));
  return units.find(([, state]) => state !== 'active')?.[0];
}

function files({ lab }: Plan, site: PlannedSite, nodes: Nodes): Check | undefined {
  const { mounts, nfs } = site;
  if (mounts.length === 0) return undefined;
  const wrong = mounts.flatMap(({ node, source }) => {
    const seen = nodes.get(node);
    const [found = '', type = ''] = seen?.mount.split(' ') ?? [];
    if (!found) return [{ node, what: 'not mounted' }];
    if (nfs ? found !== source : type !== 'ocfs2') return [{ node, what: `${found} (${type})` }];
    if (!seen?.readable) return [{ node, what: `${found} does not answer` }];
    return seen.fstab === '' ? [{ node, what: 'mounted, but not in fstab' }] : [];
  });
  const down = stopped(nodes, nfs, 'nfs-server');
  const ok = wrong.length === 0 && !down;
  const from = nfs ?? 'the shared disk';
  const first = wrong[0]?.node;
  return {
    id: 'site-files',
    title: `the site's files are those of ${from}, and in fstab`,
    ok,
    expected: `${nfs ? 'mounted' : 'OCFS2'} from ${from} on ${mounts.map(({ node }) => node).join(', ')}`,
    observed: ok
      ? `so on ${mounts.map(({ node }) => node).join(', ')}`
      : [...(down ? [`${nfs}: ${down} does not run`] : []), ...wrong.map(({ node, what }) => `${node}: ${what}`)].join(
          '; ',
        ),
    ...(!ok && {
      hint: down
        ? `the NFS server is down, and everybody waits who asks for a file: lab ssh ${lab} ${nfs} -- systemctl start nfs-server`
        : `lab up ${lab} mounts it; lab ssh ${lab} ${first} -- findmnt /srv/site shows what is there`,
    }),
  };
}

function php({ lab }: Plan, site: PlannedSite, nodes: Nodes): Check | undefined {
  if (!site.php) return undefined;
  const asked = [...nodes].filter(([, { program }]) => program !== undefined);
  const wrong = asked.filter(([, { program }]) => program !== 200);
  const down = stopped(nodes, site.php, 'php');
  const ok = asked.length > 0 && wrong.length === 0 && !down;
  return {
    id: 'site-php',
    title: 'every real server has its PHP run by the PHP server',
    ok,
    expected: `status 200 on ${asked.map(([node]) => node).join(', ')}`,
    observed: ok
      ? `so on ${asked.map(([node]) => node).join(', ')}`
      : [
          ...(down ? [`${site.php}: ${down} does not run`] : []),
          ...wrong.map(([node, { program }]) => `${node}: ${program ? `status ${program}` : 'no answer'}`),
        ].join('; '),
    ...(!ok && {
      hint: down
        ? `PHP-FPM is down: lab ssh ${lab} ${site.php} -- systemctl start ${down}`
        : `if the files are there (site-files): lab ssh ${lab} ${asked[0]?.[0]} -- tail /var/log/apache2/error.log`,
    }),
  };
}

/** Numbers of MySQL's error messages: access denied for a user, for a database; and for no connection at all. */
const denied = [1044, 1045, 1698];

function database({ lab }: Plan, site: PlannedSite, nodes: Nodes): Check | undefined {
  const { mysql, php: asker } = site;
  if (!mysql || !asker) return undefined;
  const login = nodes.get(asker)?.login;
  const down = stopped(nodes, mysql, 'mariadb');
  const ok = login?.code === 0 && !down;
  const refused = login && denied.includes(login.code);
  return {
    id: 'site-database',
    title: 'the PHP server is let into the database',
    ok,
    expected: `${asker} logs in on ${mysql}`,
    observed: ok
      ? `${asker} on ${mysql}`
      : [...(down ? [`${mysql}: ${down} does not run`] : []), login?.words].join('; '),
    ...(!ok && {
      hint: down
        ? `MariaDB is down: lab ssh ${lab} ${mysql} -- systemctl start mariadb`
        : refused
          ? `name or password of the site are not those of the database: DB_PASSWORD in /etc/wordpress/config-default.php on ${asker}; lab up ${lab} makes both agree`
          : `the database is not reached: lab ssh ${lab} ${mysql} -- ss -ltn; nft list ruleset`,
    }),
  };
}

function door({ lab }: Plan, { mysql, php: asker, database: address }: PlannedSite, nodes: Nodes): Check | undefined {
  if (!mysql || !asker) return undefined;
  const open = [...nodes].filter(([, seen]) => seen.door).map(([node]) => node);
  const others = [...nodes.keys()].filter((node) => node !== mysql && node !== asker);
  if (others.length === 0) return undefined;
  const ok = open.length === 0;
  return {
    id: 'database-door',
    title: 'nobody else reaches the database',
    ok,
    expected: `${joinAddress(address, 3306)} is open to ${asker} only`,
    observed: ok
      ? `refused on ${[...nodes.keys()].filter((node) => node !== mysql && node !== asker).join(', ')}`
      : `open to ${open.join(', ')}`,
    ...(!ok && { hint: `the table lvs_lab_database is missing on ${mysql}: lab up ${lab}` }),
  };
}
