import { stringify } from 'yaml';
import { z } from 'zod';
import { backends } from '../../scripts/backends/index.ts';
import {
  type IpvsSysctl,
  ipvsSysctlLimits,
  ipvsSysctlsSince,
  ipvsSysctlTexts,
} from '../../scripts/model/ipvs-sysctls.ts';
import { fileSchema } from '../../scripts/model/schema/lab-file.ts';
import { modes } from '../../scripts/model/words.ts';
import { type LabFileKey, labFileKeys } from './lab-file-keys.ts';

/** The reference of docs/lab-file.md, below its hand-written head: every key of the schema. */
export function labFileReference(): string {
  const lines: string[] = [];
  let group = '';
  for (const key of schemaKeys()) {
    if (key.group === sysctls) continue;
    const row = labFileKeys[key.path];
    if (!row) throw new Error(`test/docs/lab-file-keys.ts has no line for ${key.path}`);
    if (key.group !== group) lines.push('', `### ${groupTitles[key.group] ?? key.group}`, '');
    group = key.group;
    lines.push(...entry(key, row));
  }
  return [...lines, '', ...sysctlTable(), '', ...backendTable()].join('\n').trim();
}

const sysctls = 'ipvs.sysctls';

/** What each does, the kernel's documentation tells. */
function sysctlTable(): string[] {
  const names = schemaKeys().filter(({ group }) => group === sysctls);
  const row = ({ name }: SchemaKey) => {
    const [least, most] = ipvsSysctlLimits[name] ?? [];
    const text = ipvsSysctlTexts[name as IpvsSysctl];
    const values = text ? `${text.what}: \`"${text.example}"\`` : most === undefined ? 'any' : `${least} to ${most}`;
    const since = ipvsSysctlsSince[name];
    return `| \`${name}\` | ${values} | ${since ? `from ${since} on` : 'all'} |`;
  };
  return [
    `### \`${sysctls}\``,
    '',
    'Most values are whole numbers. They are explained in the page',
    '[ipvs-sysctl](https://docs.kernel.org/networking/ipvs-sysctl.html) of the kernel’s documentation.',
    '',
    '| key | values | kernels |',
    '|---|---|---|',
    ...names.map(row),
  ];
}

const groupTitles: Record<string, string> = {
  '': 'The lab',
  networks: '`networks`',
  director: '`director`, when it is a map',
  backup: '`backup`, when it is a map',
  'backup.sync': '`backup.sync`',
  router: '`router`',
  real_servers: '`real_servers`, each of the list',
  service: '`service`, and each of `services`',
  'service.real_servers': '`service.real_servers`, each of the list that is a map',
  health: '`health`',
  nfs: '`nfs`, when it is a map; `php` and `mysql` have the same keys',
  ipvs: '`ipvs`',
  'ipvs.timeouts': '`ipvs.timeouts`',
};

function backendTable(): string[] {
  const rows = backends.map(({ name, port, protocols, daemon, objection, healthChecks }) => {
    const fitting = modes.filter(
      (mode) => !objection?.({ modes: [mode], marked: false, ranged: false, persistent: false, realServers: 1 }),
    );
    return `| \`${name}\` | ${port} | ${protocols.join(', ')} | ${daemon.name} | ${fitting.join(', ')} | ${healthChecks.join(', ') || 'none'} |`;
  });
  return [
    '## Backends',
    '',
    '| backend | port | over | served by | methods | health checks |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
}

export interface SchemaKey {
  /** `service.real_servers.weight`: lists leave no mark in it. */
  path: string;
  group: string;
  name: string;
  required: boolean;
  /** In words, with its limits. */
  type: string;
  about: string;
  /** As the schema has it: the same whatever else the lab has. */
  usual: unknown;
}

/** What zod makes of a part of the schema, as far as it is read here. */
interface Node {
  type?: string | string[];
  description?: string;
  default?: unknown;
  properties?: Record<string, Node>;
  required?: string[];
  anyOf?: Node[];
  items?: Node;
  enum?: (string | number)[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
}

/** Every key of a lab file, map by map; what is in a map comes behind it. */
export function schemaKeys(): SchemaKey[] {
  const schema = z.toJSONSchema(fileSchema, { io: 'input' }) as Node;
  const found: SchemaKey[] = [];
  const waiting: [group: string, node: Node][] = [['', schema]];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [group, map] = next;
    const inside: typeof waiting = [];
    for (const [name, node] of Object.entries(map.properties ?? {})) {
      const path = group ? `${group}.${name}` : name;
      const required = map.required?.includes(name) ?? false;
      found.push({
        path,
        group,
        name,
        required,
        type: typeOf(node),
        about: node.description ?? '',
        usual: node.default,
      });
      const inner = mapsIn(node);
      // php and mysql are told by nfs, the list services by service.
      if (inner && !['php', 'mysql', 'services'].includes(path)) inside.push([path, inner]);
    }
    waiting.unshift(...inside);
  }
  return found;
}

/** The map that a value may be, or that each of its list is. */
function mapsIn(node: Node): Node | undefined {
  if (node.type === 'object') return node;
  const within = [...(node.anyOf ?? []), ...(node.items ? [node.items] : [])];
  return within.map(mapsIn).find((found) => found !== undefined);
}

function typeOf(node: Node): string {
  // A version looks like a number to an editor.
  if (Array.isArray(node.type)) return 'text';
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(', or ');
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return `one of ${node.enum.map((value) => `\`${value}\``).join(', ')}`;
  switch (node.type) {
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `whole number, ${node.minimum} to ${node.maximum}`;
    case 'number':
      return `number, ${node.minimum} to ${node.maximum}`;
    case 'string':
      return node.maxLength ? `text, ${node.maxLength} characters at most` : 'text';
    case 'array':
      return `list${node.maxItems ? ` of up to ${node.maxItems}` : ''}; each ${typeOf(node.items ?? {})}`;
    case 'object':
      return 'map';
    default:
      throw new Error(`no words for ${JSON.stringify(node)}`);
  }
}

function entry({ name, required, type, about, usual }: SchemaKey, row: LabFileKey): string[] {
  const value =
    row.words ?? (usual === undefined ? undefined : `\`${stringify(usual, { collectionStyle: 'flow' }).trim()}\``);
  const left = required ? 'Required.' : value === undefined ? `Left out: ${row.without}.` : `Default: ${value}.`;
  const kind = row.type ?? type;
  return [`- **\`${name}\`**: ${kind}. ${left}\\`, ...(about ? [`  ${about}\\`] : []), `  \`${row.example}\``];
}
