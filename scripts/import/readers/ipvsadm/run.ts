import { ipvsSysctls, ipvsSysctlTexts } from '../../../model/ipvs-sysctls.ts';
import type { Imported } from '../../imported.ts';
import type { Ledger } from '../../ledger.ts';
import { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
import { objectionTo, reasonForOption } from './commands.ts';
import { optionsOf } from './options.ts';
import { type Node, scriptOf } from './script.ts';
import { Table } from './table.ts';
import type { Token } from './tokens.ts';
import { expanded } from './words.ts';

/** The most commands that a script may run. */
const most = 20_000;

/** Runs a script as far as it can be known without a shell: literal values, literal loops, functions, the branch `start`. */
export class Run {
  readonly table: Table;
  readonly sysctls: Imported['sysctls'] = [];
  readonly #ledger: Ledger;
  readonly #variables = new Map<string, string>();
  readonly #assignments = new Map<string, Statement>();
  readonly #functions = new Map<string, { body: Node[]; called: boolean }>();
  #ends: ReadonlySet<string> = new Set();
  #file = '';
  #count = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.table = new Table(ledger);
  }

  file(name: string, text: string): void {
    const { nodes, ends } = scriptOf(text);
    [this.#file, this.#ends] = [name, ends];
    for (const node of nodes)
      if (node.kind === 'function') this.#functions.set(node.name, { body: node.body, called: false });
    this.#nodes(nodes, undefined, 0);
    for (const [one, { body, called }] of this.#functions) if (!called) this.#nodes(body, `nothing calls ${one}`, 0);
    this.#functions.clear();
    for (const by of this.#assignments.values())
      if (!this.#ledger.isKept(by)) this.#ledger.leave(by, 'no command that import reads uses it');
    this.#assignments.clear();
  }

  /** @param unsure why it is not known whether these run; undefined when they do */
  #nodes(nodes: readonly Node[], unsure: string | undefined, depth: number): void {
    for (const node of nodes) {
      if (this.#count++ > most || depth > 50) return;
      switch (node.kind) {
        case 'command':
          this.#command(node, unsure, depth);
          break;
        case 'for':
          this.#loop(node, unsure, depth);
          break;
        case 'case':
          this.#case(node, unsure, depth);
          break;
        case 'maybe':
          this.#nodes(
            node.body,
            unsure ?? `whether it runs depends on line ${node.line}: ${shortened(node.condition)}`,
            depth,
          );
          break;
      }
    }
  }

  #loop(node: Node & { kind: 'for' }, unsure: string | undefined, depth: number): void {
    const items = node.items.map((one) => this.#expanded(one));
    const unknown = items.find((one) => one.unknown)?.unknown;
    const head = this.#statement(node.line, ['for', node.name, 'in', ...node.items.map(({ text }) => text)]);
    if (unknown || node.items.length === 0) {
      this.#ledger.leave(head, `import does not know ${unknown ?? '"$@"'}`);
      this.#nodes(node.body, unsure ?? `import does not know how often the loop of line ${node.line} runs`, depth);
      return;
    }
    head.from(1);
    this.#ledger.keep(head, ...items.flatMap(({ used }) => used.map((one) => this.#assignments.get(one))));
    for (const value of items.flatMap(({ words }) => words)) {
      this.#variables.set(node.name, value);
      this.#nodes(node.body, unsure, depth + 1);
    }
  }

  /** A script that is called with a word does what it does for `start`. */
  #case(node: Node & { kind: 'case' }, unsure: string | undefined, depth: number): void {
    const subject = this.#expanded({ kind: 'word', text: node.subject, line: node.line });
    const word = subject.unknown ? 'start' : subject.words.join(' ');
    const chosen = node.branches.find(({ patterns }) =>
      patterns.some((one) => one === word || (one === '*' && !subject.unknown)),
    );
    for (const branch of node.branches) {
      const head = this.#statement(branch.line, branch.patterns);
      const at = branch.patterns.findIndex((one) => one === word || one === '*');
      const other = chosen
        ? `it is for ${branch.patterns.join(', ')}; import takes ${word}`
        : `whether it runs depends on ${node.subject} in line ${node.line}`;
      if (branch === chosen) {
        head.word(at);
        this.#ledger.keep(head);
      } else this.#ledger.leave(head, other);
      this.#nodes(branch.body, branch === chosen ? unsure : (unsure ?? other), depth + 1);
    }
  }

  #command(node: Node & { kind: 'command' }, unsure: string | undefined, depth: number): void {
    const rest = [...node.words];
    while (/^(then|else|do|!|time|sudo|exec|command|nohup|export|readonly|local|declare)$/.test(rest[0]?.text ?? ''))
      rest.shift();
    while (rest[0] && /^[A-Za-z_]\w*=/.test(rest[0].text)) {
      const [token] = rest.splice(0, 1);
      const alone = rest.length === 0 || /^[A-Za-z_]\w*=/.test(rest[0]?.text ?? '');
      if (token) this.#assign(token, unsure ?? (alone ? undefined : 'only the command behind it has it'));
    }
    if (rest.length === 0 || (rest.length === 1 && this.#ends.has(rest[0]?.text ?? ''))) return;
    const parts = rest.map((one) => this.#expanded(one));
    const words = parts.flatMap((one) => one.words);
    const called = this.#functions.get(words[0] ?? '');
    if (called && depth < 50) {
      called.called = true;
      this.#nodes(called.body, unsure, depth + 1);
      return;
    }
    const unknown = parts.find((one) => one.unknown)?.unknown;
    const why = unsure ?? (unknown && `import does not know what ${unknown} is`);
    const used = parts.flatMap((one) => one.used);
    if (this.#execute(words, node, why)) for (const one of used) this.#ledger.keep(this.#assignments.get(one));
  }

  #assign(token: Token, unsure: string | undefined): void {
    const [, name = '', raw = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(token.text) ?? [];
    const { words, unknown, used } = this.#expanded({ ...token, text: raw });
    const by = this.#statement(token.line, [token.text]);
    const before = this.#assignments.get(name);
    if (before && !this.#ledger.isKept(before)) this.#ledger.leave(before, `line ${token.line} sets it anew`);
    if (unknown || unsure) {
      this.#ledger.leave(by, unsure ?? `import does not know what ${unknown} is`);
      this.#variables.delete(name);
      this.#assignments.delete(name);
      return;
    }
    for (const one of used) this.#ledger.keep(this.#assignments.get(one));
    this.#variables.set(name, words.join(' '));
    this.#assignments.set(name, by);
  }

  /** @returns whether it is a command that import reads */
  #execute(words: readonly string[], { line, target }: Node & { kind: 'command' }, why: string | undefined): boolean {
    const start = words[0] === 'ip' && words[1] === 'netns' ? 4 : 0;
    const program = (words[start] ?? '').replace(/^.*\//, '');
    if (program === 'ipvsadm' || (start === 0 && /^-(-|[A-Za-z])/.test(program))) {
      const typed = program === 'ipvsadm' ? words.slice(start + 1) : words;
      this.#ipvsadm(typed, line, target, why);
      return true;
    }
    const setting = this.#setting(words, target);
    const by = this.#statement(line, target ? [...words, '>', target] : words);
    if (!setting || why) {
      this.#ledger.leave(by, why ?? 'it is no command of ipvsadm, and import reads no others');
      return false;
    }
    for (const before of this.sysctls.filter(({ name }) => name === setting.name))
      this.#ledger.leave(before.by, `line ${line} sets it anew`);
    by.from(1);
    this.sysctls.push({ ...setting, by });
    return true;
  }

  /** `sysctl -w net.ipv4.vs.NAME=VALUE`, or a value that is written to its file. */
  #setting(words: readonly string[], target: string | undefined): { name: string; value: number | string } | undefined {
    const text = words.join(' ').replace(/ *= */, '=');
    const [, dotted, first] =
      /^(?:\/\S*\/)?sysctl (?:-\w+ )*net[./]ipv4[./]vs[./](\w+)=(-?\d[\d ,-]*)$/.exec(text) ?? [];
    const [, file] = /^\/proc\/sys\/net\/ipv4\/vs\/(\w+)$/.exec(target ?? '') ?? [];
    const [, second] = /^echo (-?\d[\d ,-]*)$/.exec(text) ?? [];
    const [name, value] = [dotted ?? file, first ?? second];
    const known = ipvsSysctls.find((one) => one === name);
    if (!known || !value) return undefined;
    if (ipvsSysctlTexts[known]) return { name: known, value };
    return /^-?\d+$/.test(value) ? { name: known, value: Number(value) } : undefined;
  }

  #ipvsadm(words: readonly string[], line: number, target: string | undefined, why: string | undefined): void {
    const options = optionsOf(words);
    if (options instanceof Wrong || why) {
      const by = this.#statement(line, ['ipvsadm', ...words, ...(target ? ['<', target] : [])]);
      this.#ledger.leave(by, why ?? (options instanceof Wrong ? options.why : ''));
      return;
    }
    const [first] = options;
    const naming = options.filter(({ name }, at) => at === 0 || /^([tufr]|sctp-service)$/.test(name));
    const by = this.#statement(line, naming.length > 0 ? naming.flatMap((one) => one.words) : ['ipvsadm']);
    by.from(1);
    by.block = options.slice(1).map((one) => this.#ledger.add(new Statement(this.#file, line, one.words, by)));
    if (target && target !== '/dev/null') {
      const file = this.#ledger.add(new Statement(this.#file, line, [target], by));
      this.#ledger.leave(file, 'a file for its input or output');
    }
    for (const [at, { name }] of options.slice(1).entries()) {
      const option = by.block[at];
      if (option) this.#ledger.expect(option, reasonForOption(name));
    }
    const does = first?.name ?? '';
    const own = does === 'set' ? [['set', by] as const] : [];
    const all = new Map([...own, ...options.slice(1).map(({ name }, at) => [name, by.block?.[at] ?? by] as const)]);
    const objection = objectionTo(options) ?? this.table.run({ by, does, options: all })?.why;
    if (objection) this.#ledger.leave(by, objection);
  }

  #expanded(token: Token): ReturnType<typeof expanded> {
    return expanded(token.text, this.#variables);
  }

  #statement(line: number, words: readonly string[]): Statement {
    return this.#ledger.add(new Statement(this.#file, line, words));
  }
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
