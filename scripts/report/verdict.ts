import { type Plan, theNode } from '../plan/plan.ts';
import type { Verdict } from '../verify/verify.ts';
import { columns } from './columns.ts';
import type { Paint } from './output.ts';

const modeWords = { nat: 'address translation (NAT)', dr: 'direct routing (DR)', tun: 'IP tunnels (TUN)' } as const;

/** What a class reads from the back row: who answered what, who got how much, and every check. */
export function verdictText(plan: Plan, verdict: Verdict, paint: Paint): string {
  return [
    heading(plan, paint),
    picture(plan),
    answersRow(plan, verdict, paint),
    shares(plan, verdict, paint),
    checks(verdict, paint),
    conclusion(verdict, paint),
  ].join('\n\n');
}

function heading({ lab, realServers, service }: Plan, paint: Paint): string {
  const modes = [...new Set(realServers.map((server) => server.mode))];
  return `  ${paint('bold', `lab ${lab}`)}: ${modes.map((one) => modeWords[one]).join(', ')}, scheduler ${service.scheduler}`;
}

/** The way of a request and of its answer. */
function picture(plan: Plan): string {
  const { vip, port } = plan.service;
  const client = theNode(plan, 'client');
  const count = plan.realServers.length;
  const servers = count <= 3 ? plan.realServers.map(({ node }) => node).join(', ') : `${count} real servers`;
  const modes = [...new Set(plan.realServers.map(({ mode }) => mode))];
  const back = modes.map((mode) => (mode === 'nat' ? 'back through the director' : 'straight to the client'));
  const there = modes.map((mode) => ({ nat: 'rewritten', dr: 'new MAC', tun: 'IP in IP' })[mode]).join(', ');
  return `  client ${client.nics[0]?.address} ──▶ director, VIP ${vip}:${port} ──(${there})──▶ ${servers}      answer: ${[...new Set(back)].join(', or ')}`;
}

const perLine = 12;

function answersRow(plan: Plan, { answers, predicted }: Verdict, paint: Paint): string {
  const rows: string[][] = [];
  for (let at = 0; at < answers.length; at += perLine) {
    const part = answers.slice(at, at + perLine);
    rows.push(['request', ...part.map((_, index) => paint('dim', String(at + index + 1)))]);
    if (predicted) {
      rows.push(['predicted', ...predicted.slice(at, at + perLine).map((name) => paint('dim', name ?? '–'))]);
    }
    rows.push(['answer', ...part.map(({ status, server }) => (status === 200 && server ? server : paint('red', '✗')))]);
  }
  return rows.length > 0 ? columns(rows) : `  no request was sent to ${plan.service.vip}`;
}

function shares(plan: Plan, { answers }: Verdict, paint: Paint): string {
  const mixed = new Set(plan.realServers.map(({ mode }) => mode)).size > 1;
  const rows = plan.realServers.map(({ node, mode, address, port, weight }) => {
    const count = answers.filter(({ status, server }) => status === 200 && server === node).length;
    return [
      node,
      `${address}:${port}${mixed ? ` ${mode}` : ''}`,
      String(weight),
      `${paint('cyan', '█'.repeat(Math.min(count, 40)))} ${count}`,
    ];
  });
  return columns([['real server', 'address', 'weight', 'answers'].map((word) => paint('bold', word)), ...rows]);
}

function checks({ checks: all }: Verdict, paint: Paint): string {
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
      `      hint      ${hint}`,
    ].join('\n'),
  );
  return [table, ...stories].join('\n\n');
}

function conclusion({ ok, checks: all }: Verdict, paint: Paint): string {
  const failed = all.filter((check) => !check.ok).length;
  return ok
    ? `  ${paint('green', paint('bold', 'PASSED'))}  all ${all.length} checks`
    : `  ${paint('red', paint('bold', 'FAILED'))}  ${failed} of ${all.length} checks`;
}
