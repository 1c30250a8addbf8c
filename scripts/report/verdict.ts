import { countOf } from '../count-of.ts';
import { tunnelWords } from '../ipvs/methods.ts';
import { portOf, portsOf } from '../ipvs/rules.ts';
import { joinAddress } from '../model/addresses.ts';
import { type Plan, type PlannedService, theNode, vipsOf } from '../plan/plan.ts';
import type { Verdict } from '../verify/verify.ts';
import type { Look, Paint } from './output.ts';
import { answersTable, shares } from './verdict-answers.ts';
import { checksText } from './verdict-checks.ts';
import { wrapLines } from './wrap.ts';

const modeWords = { nat: 'address translation (NAT)', dr: 'direct routing (DR)', tun: 'IP tunnels (TUN)' } as const;

/**
 * The result of a verify: which real server answered each request, how many answers each gave, and every check.
 * @param times how long it took, for the last line
 */
export function verdictText(plan: Plan, verdict: Verdict, times: string, look: Look): string {
  const { paint, width } = look;
  const wrap = (text: string) => wrapLines(text, width);
  const several = plan.services.length > 1;
  return [
    wrap(heading(plan, paint)),
    wrap(picture(plan)),
    ...verdict.services.flatMap((one) => [
      ...(several ? [wrap(`  ${paint('bold', one.name)}: ${words(one.service)}`)] : []),
      answersTable(one, look),
      shares(one, look),
    ]),
    checksText(plan, verdict.checks, look),
    wrap(`${conclusion(verdict, paint)}  ${paint('dim', times)}`),
  ].join('\n\n');
}

function heading({ lab, realServers, services }: Plan, paint: Paint): string {
  const modes = [...new Set(realServers.map((server) => server.mode))].map((one) => modeWords[one]).join(', ');
  const [only] = services;
  const what = services.length === 1 && only ? words(only) : `${services.length} services`;
  return `  ${paint('bold', `lab ${lab}`)}: ${modes}, ${what}`;
}

/** The properties of a service, apart from its address. */
function words(service: PlannedService): string {
  const { scheduler, fwmark, allPorts, vip, ops, persistence } = service;
  return [
    `scheduler ${scheduler}`,
    ...(fwmark > 0 ? [`${vip}, ports ${portsOf(service).join(' and ')} by mark ${fwmark}`] : []),
    ...(allPorts ? [`all ports of ${vip}`] : []),
    ...(ops ? ['one-packet scheduling'] : []),
    ...(persistence > 0 ? [`persistence ${persistence} s`] : []),
  ].join(', ');
}

/** The path of a request and of its answer. */
function picture(plan: Plan): string {
  const client = theNode(plan, 'client');
  const [first] = plan.services;
  const target = plan.services.length === 1 && first ? targetOf(first) : `VIP ${vipsOf(plan).join(', ')}`;
  const count = plan.realServers.length;
  const servers = count <= 3 ? plan.realServers.map(({ node }) => node).join(', ') : `${count} real servers`;
  const there = plan.realServers.map(({ mode, tunnel, local }) => {
    if (local) return 'local';
    return { nat: 'rewritten', dr: 'new MAC', tun: tunnelWords[tunnel] }[mode];
  });
  const back = plan.realServers.map(({ mode, local }) =>
    !local && mode === 'nat' ? 'back through the director' : 'straight to the client',
  );
  const hops = [
    `client ${client.nics[0]?.address}`,
    `──▶ director, ${target}`,
    `──(${[...new Set(there)].join(', ')})──▶ ${servers}`,
  ];
  const way = hops.map((hop) => hop.replaceAll(' ', '\u00a0')).join(' ');
  return `  ${way}\n  answers go ${[...new Set(back)].join(', or ')}`;
}

function targetOf(service: PlannedService): string {
  const { vip, fwmark, allPorts } = service;
  return `VIP ${fwmark > 0 || allPorts ? vip : joinAddress(vip, portOf(service))}`;
}

function conclusion({ ok, checks: all }: Verdict, paint: Paint): string {
  const failed = all.filter((check) => !check.ok).length;
  const warned = all.filter(({ warning }) => warning !== undefined).length;
  const warnings = warned > 0 ? `, ${paint('yellow', countOf(warned, 'warning'))}` : '';
  return ok
    ? `  ${paint('green', paint('bold', 'PASSED'))}  all ${all.length} checks${warnings}`
    : `  ${paint('red', paint('bold', 'FAILED'))}  ${failed} of ${all.length} checks${warnings}`;
}
