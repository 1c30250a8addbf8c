import { Address6 } from 'ip-address';
import type { LabError } from '../../scripts/errors.ts';
import type { Words } from '../../scripts/exercise/languages.ts';
import { nodesOf, type Plan, theNode } from '../../scripts/plan/plan.ts';
import { serve } from '../../scripts/watch/server.ts';
import type { Kept, Source } from '../../scripts/watch/source.ts';
import { Watching } from '../../scripts/watch/watching.ts';
import type { Wish } from '../../scripts/watch/wish.ts';
import { reportOf } from '../page/reports.ts';

/** An address as /proc/net/ip_vs has it. */
const hex = (address: string, port: number) => `${hexOf(address)}:${port.toString(16).padStart(4, '0').toUpperCase()}`;

const hexOf = (address: string) =>
  address.includes(':')
    ? `[${new Address6(address).canonicalForm()}]`
    : address
        .split('.')
        .map((one) => Number(one).toString(16).padStart(2, '0'))
        .join('')
        .toUpperCase();

/** A lab that a test tells what to be. All its connections are of its first service; each director has them. */
export class ScriptedLab implements Source {
  planned: Plan;
  keeps: Kept;
  /** Connections of each real server, by its place in the service; the second one’s has one that is active, the third’s two. */
  held: number[];
  /** How many connections there were that have ended. */
  ended = 0;
  /** Directors that do not answer. */
  frozen: string[] = [];
  /** Why no director can be asked. */
  error: string | undefined;
  /** Why there is no lab any more. */
  gone: LabError | undefined;
  wishes: Wish[] = [];
  looks = 0;
  /** What a wish waits for. */
  doing: Promise<void> = Promise.resolve();
  closed = false;

  constructor(plan: Plan) {
    this.planned = plan;
    this.keeps = { report: reportOf(plan), path: undefined, broken: undefined };
    this.held = plan.realServers.map(() => 0);
  }

  async plan() {
    if (this.gone) throw this.gone;
    return this.planned;
  }

  async look() {
    this.looks++;
    return nodesOf(this.planned, 'director').map(({ name: node }) => {
      const error = this.error ?? (this.frozen.includes(node) ? 'no answer yet' : undefined);
      return error === undefined ? { node, text: this.text() } : { node, error };
    });
  }

  async kept() {
    return this.keeps;
  }

  async perform(wish: Wish): Promise<Words> {
    this.wishes.push(wish);
    await this.doing;
    return { en: `done: ${wish.do}`, de: `getan: ${wish.do}` };
  }

  close() {
    this.closed = true;
  }

  /** What the kernel prints: files of the format of ip_vs_ctl.c and ip_vs_conn.c. */
  text(): string {
    const [service] = this.planned.services;
    const servers = service?.destinations ?? [];
    const vip = service?.vip ?? '';
    const client = hexOf(theNode(this.planned, 'client').nics[0]?.address ?? '');
    const rows = servers.map(({ address, weight }, at) => {
      const active = Math.min(at, this.held[at] ?? 0);
      return `  -> ${hex(address, 80)}      Route   ${weight}      ${active}          ${(this.held[at] ?? 0) - active}`;
    });
    const all = servers.flatMap(({ address }, at) => {
      return Array.from({ length: this.held[at] ?? 0 }, (_, one) => {
        const port = hex('0.0.0.0', 20_000 + at * 2000 + one).slice(9);
        return `TCP ${client} ${port} ${hexOf(vip)} 0050 ${hexOf(address)} 0050 FIN_WAIT 118`;
      });
    });
    const others = this.planned.services
      .slice(1)
      .flatMap((one) => [
        `TCP  ${hex(one.vip, one.endpoints[0]?.port ?? 0)} ${one.scheduler}`,
        ...one.destinations.map(
          ({ address, port, weight }) => `  -> ${hex(address, port)}      Route   ${weight}      0          0`,
        ),
      ]);
    return [
      '@@table',
      `TCP  ${hex(vip, 80)} rr`,
      ...rows,
      ...others,
      '@@counters',
      `  0 ${(this.ended + all.length).toString(16)} 0 0 0 0`,
      '@@connections',
      ...all.slice(0, 103),
    ].join('\n');
  }
}

export const token = 'a-token-of-the-tests';

/** A server of a scripted lab. The caller ends it. */
export async function watched(lab: ScriptedLab, { readOnly = false, port = 0 } = {}) {
  const watching = new Watching(lab);
  const server = await serve({ source: lab, watching, token, language: 'en', readOnly, port });
  const looking = watching.run();
  return {
    watching,
    port: server.port,
    address: `http://127.0.0.1:${server.port}/?token=${token}`,
    end: async () => {
      await watching.end();
      await server.close();
      await looking;
    },
  };
}
