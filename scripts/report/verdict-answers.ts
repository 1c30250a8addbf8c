import { answersOf } from '../checks/looks/answered.ts';
import { joinAddress } from '../model/addresses.ts';
import type { ServiceVerdict } from '../verify/service-verdicts.ts';
import { columns } from './columns.ts';
import type { Look } from './output.ts';
import { sequence } from './sequence.ts';

/** Which real server answered each request, and which one the oracle expected. */
export function answersTable({ service, answers, predicted }: ServiceVerdict, { paint, width }: Look): string {
  if (answers.length === 0) return `  no request was sent to ${service.vip}`;
  const { endpoints } = service;
  const dim = (label: string, cell: (request: number) => string) => ({
    label,
    cells: answers.map((_, at) => paint('dim', cell(at))),
  });
  return sequence(
    [
      dim('request', (at) => String(at + 1)),
      ...(endpoints.length > 1 ? [dim('port', (at) => String(endpoints[at % endpoints.length]?.port))] : []),
      ...(predicted ? [dim('predicted', (at) => predicted[at] ?? '–')] : []),
      { label: 'answer', cells: answersOf(service, answers).map((server) => server ?? paint('red', '✗')) },
    ],
    width,
  );
}

/** How many answers each real server gave. */
export function shares({ service, answers }: ServiceVerdict, { paint, width }: Look): string {
  const mixed = new Set(service.destinations.map(({ mode, local }) => (local ? 'local' : mode))).size > 1;
  const names = answersOf(service, answers);
  const rows = service.destinations.map(({ server, local, mode, address, port, weight }) => {
    const count = names.filter((name) => name === server).length;
    return [
      server,
      `${port > 0 ? joinAddress(address, port) : address}${mixed ? ` ${local ? 'local' : mode}` : ''}`,
      String(weight),
      `${paint('cyan', '█'.repeat(Math.min(count, 24)))} ${count}`,
    ];
  });
  const head = ['real server', 'address', 'weight', 'answers'].map((word) => paint('bold', word));
  return columns([head, ...rows], { width });
}
