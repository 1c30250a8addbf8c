import { answersOf } from '../checks/looks/answered.ts';
import { joinAddress } from '../model/addresses.ts';
import type { ServiceVerdict } from '../verify/verify.ts';
import { columns } from './columns.ts';
import type { Paint } from './output.ts';
import { screenWidth } from './wrap.ts';

/** Requests in a row, as far as there is room. */
const perRow = 12;

/** Which real server answered each request, and which one the oracle expected. */
export function answersRows({ service, answers, predicted }: ServiceVerdict, paint: Paint): string {
  const names = answersOf(service, answers);
  const widest = Math.max(...[...names, ...(predicted ?? [])].map((name) => name?.length ?? 1), 2);
  const count = Math.min(perRow, Math.floor((screenWidth - '  predicted'.length) / (widest + 2)));
  const rows: string[][] = [];
  for (let at = 0; at < answers.length; at += count) {
    const part = names.slice(at, at + count);
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
    rows.push(['answer', ...part.map((server) => server ?? paint('red', '✗'))]);
  }
  return rows.length > 0 ? columns(rows) : `  no request was sent to ${service.vip}`;
}

/** How many answers each real server gave. */
export function shares({ service, answers }: ServiceVerdict, paint: Paint): string {
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
  return columns([['real server', 'address', 'weight', 'answers'].map((word) => paint('bold', word)), ...rows]);
}
