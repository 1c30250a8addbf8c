import { countOf } from '../count-of.ts';
import { serviceName } from '../ipvs/rules.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { Look } from '../report/output.ts';
import { beside } from '../report/wrap.ts';
import { differenceText } from './compare.ts';
import { dropsAt } from './drops.ts';
import type { Ladder } from './expected.ts';
import type { Track } from './track.ts';

/** The text below the ladder diagram: the answer, and whether the path is as planned. */
export function resultText(
  { release }: Pick<Plan, 'release'>,
  found: Track,
  wanted: string | undefined,
  { paint, width }: Look,
): string {
  const { service, server, sent, tries, differences, end, captured } = found;
  const line = (label: string, text: string) => beside(`  ${label.padEnd(9)} `, text, width);
  const ok = !end && differences.length === 0;
  const missed = wanted !== undefined && server !== wanted;
  return [
    line('service', `${serviceName(service)}, from ${sent.firstPort > 0 ? `port ${sent.firstPort}` : 'any port'}`),
    line('answer', answerText(found)),
    ...(missed
      ? [line('wanted', `none of ${countOf(tries, 'request')} went to ${wanted}${whyNever(service, wanted)}`)]
      : []),
    line(
      'seen',
      `${captured === 'in the guests' ? 'by tcpdump on the nodes' : captured}; ${found.followed.others} other frames`,
    ),
    ...(ok ? [line('path', paint('green', `as planned: ${routeText(found.expected)}`))] : []),
    ...(ok ? [] : [line('planned', routeText(found.expected))]),
    ...differences.map((one) => paint('red', line('differs', differenceText(one)))),
    ...(end ? [paint('red', line('ends', `${end.isLine ? 'on the line of' : 'at'} ${end.node}: ${end.what}`))] : []),
    ...(end ? dropsAt(end.node, found).map(({ text }) => paint('red', line('reason', text))) : []),
    ...(end && release === 12 ? [line('kernel', 'Debian 12’s kernel gives fewer reasons than later kernels')] : []),
  ].join('\n');
}

/** Why a real server may get no request of one client, as far as the plan shows. */
function whyNever({ destinations, persistence, scheduler }: PlannedService, wanted: string): string {
  if (destinations.find(({ server }) => server === wanted)?.weight === 0) return ': its weight is 0';
  if (persistence > 0) return ': persistence keeps a client at its real server';
  return ['sh', 'mh', 'dh', 'lblc', 'lblcr'].includes(scheduler) ? `: scheduler ${scheduler} chooses by address` : '';
}

/** `client → director → rs1 → client` */
export function routeText({ there, back }: Ladder): string {
  const hops = [...there, ...back];
  return [hops[0]?.from ?? 'client', ...hops.map(({ to }) => to)].join(' → ');
}

function answerText({ sent: { answer }, server }: Track): string {
  if (!answer) return 'none';
  const by = server ? ` by ${server}` : '';
  if (answer.status === 0) return `none: ${answer.error ?? 'nothing came'}`;
  return `${answer.status}${by} after ${(answer.seconds * 1000).toFixed(0)} ms`;
}
