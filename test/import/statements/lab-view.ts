import { parse } from 'yaml';
import { backendOf } from '../../../scripts/backends/index.ts';
import type { Lab, Service } from '../../../scripts/model/lab.ts';
import { parseLab } from '../../../scripts/model/parse.ts';

/** A lab file as a reader of it sees it: its values, and what its comments say of the addresses. */
export class LabView {
  readonly lab: Lab;
  readonly warnings: string[];
  /** Addresses of the configuration → what stands for them, by the comments. */
  readonly #vips = new Map<string, string>();
  readonly #machines: { rips: string[]; name: string }[] = [];
  readonly #leaves: Set<string>;
  readonly #taken = new Set<string>();

  /** @throws LabFileError for a lab file that `lab check` refuses */
  constructor(text: string) {
    const { lab, warnings } = parseLab(text, { name: 'imported', file: 'imported.yaml' });
    this.lab = lab;
    this.warnings = warnings.map(({ what }) => what);
    const head = text
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .map((line) => line.slice(1).trim())
      .join(' ')
      .replace(/ (Not carried over|Good to know):.*/s, '');
    for (const [, from = '', to = ''] of head.matchAll(
      /(?:VIP (?=\S+ is)|(?=mark \d+ is))((?:mark )?\S+) is (\S+) here/g,
    ))
      this.#vips.set(from, to);
    for (const [, rips = '', name = ''] of head.matchAll(/((?:\S+ and )*\S+)(?: once more)? is (rs\d+|director)\b/g))
      this.#machines.push({ rips: rips.split(' and '), name });
    this.#leaves = new Set(leavesOf(parse(text), ''));
  }

  /** The service for `tcp 10.0.0.1 80`, or `mark 7`, of a configuration. */
  service(key: string): Service | undefined {
    const [protocol, vip = '', port] = key.split(' ');
    if (protocol === 'mark') return this.lab.services.find((one) => one.fwmark === Number(vip));
    const here = this.#vips.get(vip);
    return this.lab.services.find(
      (one) =>
        one.fwmark === 0 &&
        one.vip === here &&
        one.protocol === protocol &&
        [0, one.endpoints[0]?.port].includes(Number(port)),
    );
  }

  hasVip(address: string): boolean {
    return this.#vips.has(address);
  }

  isDirector(address: string): boolean {
    return this.#machines.some(({ name, rips }) => name === 'director' && rips.includes(address));
  }

  /** The real server of a service that stands for the so manieth one of an address. */
  server(key: string, address: string, nth: number) {
    const names = this.#machines.filter(({ rips }) => rips.includes(address)).map(({ name }) => name);
    return this.service(key)?.destinations.find((one) => one.server === names[Math.min(nth, names.length - 1)]);
  }

  /** The health checks of a service. */
  checksOf(key: string): string[] {
    const { health } = this.lab;
    if (!health) return [];
    const backends = this.service(key)?.endpoints.map(({ backend }) => backendOf(backend)) ?? [];
    const usual = backends.flatMap(({ healthChecks }) => healthChecks.slice(0, 1));
    return health.checks ?? usual;
  }

  /** Says that a statement, or a default of the program, accounts for a line of the lab file: `health.interval`. */
  take(leaf: string): void {
    this.#taken.add(leaf);
  }

  /** Lines of the lab file that nothing accounts for. The ports of a mark are the lab's own. */
  unaccounted(): string[] {
    return [...this.#leaves].filter(
      (one) =>
        !own.test(one) &&
        !this.#taken.has(kindOf(one)) &&
        !(/port(\.\d+)?$/.test(one) && this.#taken.has('service.fwmark')),
    );
  }
}

/** What a lab chooses by itself: names, addresses, networks, what answers at a port. */
const own =
  /^(title|mode|networks\.\w+|backup|backup\.front)$|(^|\.)(vip|name|address|backend)$|real_servers\.\d+(\.quiescent)?$/;

/** `services.0.scheduler` and `service.scheduler` are of one kind. */
function kindOf(leaf: string): string {
  return leaf.replace(/\.\d+/g, '').replace(/^services\b/, 'service');
}

/** The paths of all values: `services.0.scheduler`. */
function leavesOf(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, path === '' ? key : `${path}.${key}`));
}
