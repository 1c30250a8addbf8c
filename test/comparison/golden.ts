import { type Load, loads, type MethodFigures, methodFigures } from '../../scripts/comparison/methods.ts';
import type { IpvsCounters } from '../../scripts/ipvs/parse.ts';
import { follow } from '../../scripts/path/follow.ts';
import { methodsText } from '../../scripts/report/compared-methods.ts';
import { wrapLines } from '../../scripts/report/wrap.ts';
import { caseOf } from '../path/cases.ts';
import { clientPort, conversation } from '../path/made.ts';

/** Labs of all forwarding methods. */
export const comparedLabs = ['nat', 'dr', 'tun', 'tun-gre', 'tun-gue'];

export const none: IpvsCounters = { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
export const look = { paint: (_: unknown, text: string) => text, width: 80 };

/** The figures of one request of each kind in a shipped lab; all have the packets of a page. */
export async function figuresOf(lab: string, after: Partial<IpvsCounters> = {}): Promise<MethodFigures> {
  const { plan, service, there, back } = await caseOf(lab);
  const flow = { client: there[0]?.source.split(' ')[0] ?? '', firstPort: clientPort, ports: 1 };
  const request = follow(plan, service.protocol, conversation(plan, { there, back }), flow);
  const seen = (load: Load) => {
    return { load, requests: [request], failed: 0, before: none, after: { ...none, ...after }, entries: 1 };
  };
  return methodFigures(plan, loads.map(seen), { entryBytes: 256, instructions: null });
}

/** The same with counters of IPVS that agree with the frames. */
export async function agreeing(lab: string): Promise<MethodFigures> {
  const [found] = (await figuresOf(lab)).loads;
  const { there, back } = found?.counted.frames ?? {};
  const after = { inPackets: there?.packets, inBytes: there?.bytes, outPackets: back?.packets, outBytes: back?.bytes };
  return figuresOf(lab, after as IpvsCounters);
}

/** What lab compare prints of these labs, on a screen of 80 columns. */
export async function goldenComparison(): Promise<string> {
  return `${wrapLines(methodsText(await Promise.all(comparedLabs.map(agreeing)), look), 80)}\n`;
}
