import { backendNames } from '../../backends/index.ts';
import { hypervisorHint } from '../../providers/index.ts';
import { isAddress, isNetwork } from '../addresses.ts';
import { longestNodeName } from '../limits.ts';
import { hostNamePattern } from '../schema/values.ts';
import { checkers, siteRoles } from '../words.ts';
import { addressMistake, networkMistake } from './address-mistakes.ts';
import { exampleOf } from './examples.ts';
import { kernelMistake } from './kernel-mistakes.ts';
import { brief, keyOf, type Misfit, type Mistake } from './misfit.ts';
import type { Path } from './source.ts';
import { wellFormed } from './yaml-mistakes.ts';

/** Finds usual mistakes in a value, and what was meant; undefined for any other value. */
export function valueMistake(misfit: Misfit): Mistake | undefined {
  for (const rule of rules) {
    const mistake = rule(misfit);
    if (mistake) return mistake;
  }
  return undefined;
}

const rules: ((misfit: Misfit) => Mistake | undefined)[] = [
  nothing,
  typography,
  gluedComment,
  mark,
  listOfOne,
  siteServer,
  servers,
  hostName,
  provider,
  kernelMistake,
  noMap,
  noList,
  addressMistake,
  networkMistake,
  port,
  number,
  boolean,
];

function nothing({ path, value, wanted, examples }: Misfit): Mistake | undefined {
  if (value !== null) return undefined;
  const below = wanted === 'map' || wanted === 'list';
  return { what: below ? 'it has nothing below it' : 'it has no value', fix: exampleOf(path, examples) };
}

/** Quotes of word processors and web pages. */
function typography({ path, value }: Misfit): Mistake | undefined {
  if (typeof value !== 'string' || !/[“”„«»‘’‚]/u.test(value)) return undefined;
  const meant = value.replace(/[“”„«»‘’‚]/gu, '');
  return { what: `${value}: typographic quotes are part of the value`, fix: `${keyOf(path)}: ${meant}` };
}

function gluedComment({ path, value }: Misfit): Mistake | undefined {
  const [, before, comment] = (typeof value === 'string' && /^(\S+)(#.*)$/s.exec(value)) || [];
  if (!before) return undefined;
  const words = comment?.replace(/^#\s*/, '# ');
  return { what: `${value}: a comment needs a space before its #`, fix: `${keyOf(path)}: ${before} ${words}` };
}

/** A comma or semicolon at the end, as other languages want it. */
function mark({ path, value }: Misfit): Mistake | undefined {
  const [, before, end] = (typeof value === 'string' && /^(\S+)([,;])$/.exec(value)) || [];
  return before ? { what: `${value}: there is a ${end} after the value`, fix: `${keyOf(path)}: ${before}` } : undefined;
}

function listOfOne({ path, value, wanted }: Misfit): Mistake | undefined {
  if (wanted !== 'other' || !Array.isArray(value) || value.length !== 1 || typeof value[0] === 'object')
    return undefined;
  return { what: 'it is a list, and one value belongs here', fix: `${keyOf(path)}: ${value[0]}` };
}

/** `nfs: no` would be a node of that name. */
function siteServer({ path, value }: Misfit): Mistake | undefined {
  const key = keyOf(path);
  if (path.length !== 1 || !siteRoles.some((role) => role === key)) return undefined;
  if (value === false || /^(no|off)$/i.test(String(value)))
    return { what: `${brief(value)} is not a value for a server`, fix: `leave ${key} out` };
  return typeof value === 'string' && /^(yes|on)$/i.test(value)
    ? { what: `${value} is not the name of a node`, fix: `${key}: true` }
    : undefined;
}

/** Real servers as a map of names, or as a word. */
function servers({ path, value, wanted, examples }: Misfit): Mistake | undefined {
  if (path.join() !== 'real_servers' || wanted !== 'other') return undefined;
  if (typeof value === 'string') {
    if (/^\d+$/.test(value)) return quoted('real_servers', value);
    return { what: `${brief(value)} is neither a number nor a list`, fix: exampleOf(path, examples) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [[first = 'rs1', given] = []] = Object.entries(value);
  const words = typeof given === 'string' && isAddress(given) ? `name: ${first}, address: ${given}` : `name: ${first}`;
  return { what: 'it is a map, not a list', fix: `a hyphen before each real server: - { ${words} }` };
}

function hostName({ path, value, wanted }: Misfit): Mistake | undefined {
  const key = keyOf(path);
  if (wanted !== 'name' || typeof value !== 'string') return undefined;
  if (value === 'localhost') return { what: 'localhost is what each machine calls itself', fix: 'another name' };
  const meant = value.toLowerCase().replace(/[_. ]+/g, '-');
  const what = `${brief(value)} is not a host name: small letters, digits and inner hyphens, ${longestNodeName} at most`;
  return { what, fix: hostNamePattern.test(meant) && meant !== value ? `${key}: ${meant}` : undefined };
}

function provider({ path, value }: Misfit): Mistake | undefined {
  if (keyOf(path) !== 'provider' || typeof value !== 'string') return undefined;
  const hint = hypervisorHint(value);
  return hint ? { what: `${value} is one of Vagrant’s own providers`, fix: hint } : undefined;
}

function noMap({ path, value, wanted, examples }: Misfit): Mistake | undefined {
  if (wanted !== 'map') return undefined;
  const key = keyOf(path);
  const isItem = typeof path.at(-1) === 'number';
  if (path.length === 0) {
    return {
      what: Array.isArray(value) ? 'the file is a list' : `the file has no keys: ${brief(value)}`,
      fix: wellFormed,
    };
  }
  if (Array.isArray(value)) {
    if (key === 'service' && !isItem) return { what: 'it is a list', fix: 'the key of several services is services:' };
    return { what: 'it is a list', fix: 'no hyphens before the keys below it' };
  }
  if (typeof value !== 'string') return undefined;
  const meant =
    (isItem && isAddress(value) && `{ ${key === 'services' ? 'vip' : 'address'}: ${value} }`) ||
    (isItem && key === 'real_servers' && `{ name: ${value} }`) ||
    (key === 'service' && isAddress(value) && `service: { vip: ${value} }`) ||
    (key === 'networks' && isNetwork(value) && `networks: { front: ${value} }`) ||
    (key === 'health' && checkers.some((one) => one === value) && `health: { by: ${value} }`) ||
    exampleOf(path, examples);
  return {
    what: `there are keys below ${isItem ? 'an item of ' : ''}${key}, not the value ${brief(value)}`,
    fix: meant || undefined,
  };
}

function noList({ path, value, wanted }: Misfit): Mistake | undefined {
  if (wanted !== 'list') return undefined;
  const key = keyOf(path);
  if (typeof value === 'object' && value !== null) {
    if (key === 'services')
      return { what: 'it is one service, not a list', fix: 'service: for one, or a hyphen before vip' };
    return { what: 'it is not a list', fix: `a hyphen before each item: - ${Object.keys(value)[0] ?? 'name'}: …` };
  }
  if (typeof value === 'string') return { what: `${brief(value)} is not a list`, fix: `${key}: [${value}]` };
  if (typeof value === 'number' && key === 'real_servers') {
    return { what: `${value} is a number, and a service names its real servers`, fix: 'real_servers: [rs1, rs2]' };
  }
  return { what: `${brief(value)} is not a list` };
}

function port({ path, value }: Misfit): Mistake | undefined {
  if (keyOf(path) !== 'port' || typeof value !== 'string') return undefined;
  const [, digits = '', protocol = ''] = /^(\d+)(?:\/(tcp|udp|sctp))?$/.exec(value) ?? [];
  if (protocol)
    return {
      what: `${value} is a port and a protocol`,
      fix: `port: ${digits}, and protocol: ${protocol} in another line`,
    };
  if (digits) return undefined; // as every number in quotes
  const several = /^\d+([ ,]+\d+)+$/.test(value) && value.split(/[ ,]+/).join(', ');
  if (several) return { what: `${value} is more than one port`, fix: `port: [${several}] with fwmark: 1, or one port` };
  const range = portRange(path, value);
  if (range) return range;
  const name = backendNames.find((one) => one === value.toLowerCase());
  return {
    what: `${brief(value)} is not a number`,
    fix: name ? `backend: ${name} chooses the port` : 'port: 80',
  };
}

/** Ports from one to another, which only the list of a service can have. */
function portRange(path: Path, value: string): Mistake | undefined {
  const [, low = '', high = ''] = /^(\d+)-(\d+)$/.exec(value) ?? [];
  if (!low) return undefined;
  const inList = typeof path.at(-1) === 'number';
  if (!inList) return { what: `${value} is a range of ports`, fix: `port: [21, ${value}] with fwmark: 1, or one port` };
  return Number(low) >= Number(high)
    ? { what: `${value} ends before it begins`, fix: `${high}-${low}` }
    : { what: `${value} is no range of ports: they are 1 to 65535`, fix: '10000-10100' };
}

function number({ path, value, wanted, examples }: Misfit): Mistake | undefined {
  const key = keyOf(path);
  const isText = typeof value === 'string';
  if (isText && /^\d+$/.test(value) && (wanted === 'number' || ['port', 'release'].includes(key))) {
    return quoted(key, value);
  }
  if (typeof value === 'object' || !(wanted === 'number' || (isText && key === 'port'))) return undefined;
  return { what: `${brief(value)} is not a whole number`, fix: exampleOf(path, examples) };
}

function quoted(key: string, digits: string): Mistake {
  return { what: `"${digits}" is text because of its quotes`, fix: `${key}: ${digits}` };
}

function boolean({ path, value, wanted }: Misfit): Mistake | undefined {
  if (wanted !== 'boolean') return undefined;
  const meant = /^(yes|on|1)$/i.test(String(value)) ? 'true' : /^(no|off|0)$/i.test(String(value)) ? 'false' : '';
  return { what: `${brief(value)} is neither true nor false`, fix: meant && `${keyOf(path)}: ${meant}` };
}
