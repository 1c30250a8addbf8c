import type { Hint } from '../checks/hint.ts';
import { tunnelWords } from '../ipvs/methods.ts';
import { joinAddress } from '../model/addresses.ts';
import { type Plan, type PlannedService, theNode, vipsOf } from '../plan/plan.ts';
import { answersOf } from '../verify/answered.ts';
import type { ServiceVerdict, Verdict } from '../verify/verify.ts';
import { asTyped, programName } from './as-typed.ts';
import { columns } from './columns.ts';
import { hintLines } from './hint-lines.ts';
import type { Paint } from './output.ts';

const modeWords = { nat: 'address translation (NAT)', dr: 'direct routing (DR)', tun: 'IP tunnels (TUN)' } as const;

/** What a class reads from the back row: who answered what, who got how much, and every check. */
export function verdictText(plan: Plan, verdict: Verdict, paint: Paint): string {
  const several = plan.services.length > 1;
  return [
    heading(plan, paint),
    picture(plan),
    ...verdict.services.flatMap((one) => [
      ...(several ? [`  ${paint('bold', one.name)}: ${words(one.service)}`] : []),
      answersRow(one, paint),
      shares(one, paint),
    ]),
    checks(plan, verdict, paint),
    conclusion(verdict, paint),
  ].join('\n\n');
}

function heading({ lab, realServers, services }: Plan, paint: Paint): string {
  const modes = [...new Set(realServers.map((server) => server.mode))].map((one) => modeWords[one]).join(', ');
  const [only] = services;
  const what = services.length === 1 && only ? words(only) : `${services.length} services`;
  return `  ${paint('bold', `lab ${lab}`)}: ${modes}, ${what}`;
}

/** What a service is beside its address. */
function words({ scheduler, fwmark, vip, endpoints, ops, persistence }: PlannedService): string {
  return [
    `scheduler ${scheduler}`,
    ...(fwmark > 0 ? [`${vip}, ports ${endpoints.map(({ port }) => port).join(' and ')} by mark ${fwmark}`] : []),
    ...(ops ? ['one-packet scheduling'] : []),
    ...(persistence > 0 ? [`persistence ${persistence} s`] : []),
  ].join(', ');
}

/** The way of a request and of its answer. */
function picture(plan: Plan): string {
  const client = theNode(plan, 'client');
  const [first] = plan.services;
  const target = plan.services.length === 1 && first ? targetOf(first) : `VIP ${vipsOf(plan).join(', ')}`;
  const count = plan.realServers.length;
  const servers = count <= 3 ? plan.realServers.map(({ node }) => node).join(', ') : `${count} real servers`;
  const back = plan.realServers.map(({ mode, local }) =>
    !local && mode === 'nat' ? 'back through the director' : 'straight to the client',
  );
  const there = plan.realServers.map(({ mode, tunnel, local }) => {
    if (local) return 'local';
    return { nat: 'rewritten', dr: 'new MAC', tun: tunnelWords[tunnel] }[mode];
  });
  return `  client ${client.nics[0]?.address} ──▶ director, ${target} ──(${[...new Set(there)].join(', ')})──▶ ${servers}      answer: ${[...new Set(back)].join(', or ')}`;
}

function targetOf({ vip, fwmark, endpoints }: PlannedService): string {
  return `VIP ${fwmark > 0 ? vip : joinAddress(vip, endpoints[0]?.port ?? 0)}`;
}

const perLine = 12;

function answersRow({ service, answers, predicted }: ServiceVerdict, paint: Paint): string {
  const rows: string[][] = [];
  for (let at = 0; at < answers.length; at += perLine) {
    const part = answers.slice(at, at + perLine);
    const dim = (label: string, cell: (number: number) => string) => [
      label,
      ...part.map((_, index) => paint('dim', cell(at + index))),
    ];
    const { endpoints } = service;
    rows.push(dim('request', (number) => String(number + 1)));
    if (endpoints.length > 1) {
      rows.push(dim('port', (number) => String(endpoints[number % endpoints.length]?.port)));
    }
    if (predicted) rows.push(dim('predicted', (number) => predicted[number] ?? '–'));
    const names = answersOf(service, part);
    rows.push(['answer', ...names.map((server) => server ?? paint('red', '✗'))]);
  }
  return rows.length > 0 ? columns(rows) : `  no request was sent to ${service.vip}`;
}

function shares({ service, answers }: ServiceVerdict, paint: Paint): string {
  const mixed = new Set(service.destinations.map(({ mode, local }) => (local ? 'local' : mode))).size > 1;
  const names = answersOf(service, answers);
  const rows = service.destinations.map(({ server, local, mode, address, port, weight }) => {
    const count = names.filter((name) => name === server).length;
    return [
      server,
      `${port > 0 ? joinAddress(address, port) : address}${mixed ? ` ${local ? 'local' : mode}` : ''}`,
      String(weight),
      `${paint('cyan', '█'.repeat(Math.min(count, 40)))} ${count}`,
    ];
  });
  return columns([['real server', 'address', 'weight', 'answers'].map((word) => paint('bold', word)), ...rows]);
}

function checks({ lab }: Plan, { checks: all }: Verdict, paint: Paint): string {
  const rows = all.map(({ ok, title, observed, id }) => [
    ok ? paint('green', '✓') : paint('red', '✗'),
    ok ? title : paint('red', title),
    ok ? observed : paint('red', observed),
    paint('dim', id),
  ]);
  const failed = all.filter(({ ok }) => !ok);
  const table = columns(rows);
  if (failed.length === 0) return table;
  const stories = failed.map(({ id, expected, observed, hint }) =>
    [
      `  ${paint('red', '✗')} ${paint('bold', id)}`,
      `      expected  ${expected}`,
      `      observed  ${observed}`,
      ...hintRows(hint, lab),
    ].join('\n'),
  );
  return [table, ...stories].join('\n\n');
}

function hintRows(hint: Hint | string | undefined, lab: string): string[] {
  if (hint === undefined) return [];
  const lines = typeof hint === 'string' ? [asTyped(hint)] : hintLines(hint, lab, 64, programName());
  return lines.map((line, index) => `      ${(index === 0 ? 'hint' : '').padEnd(10)}${line}`);
}

function conclusion({ ok, checks: all }: Verdict, paint: Paint): string {
  const failed = all.filter((check) => !check.ok).length;
  return ok
    ? `  ${paint('green', paint('bold', 'PASSED'))}  all ${all.length} checks`
    : `  ${paint('red', paint('bold', 'FAILED'))}  ${failed} of ${all.length} checks`;
}
