import type { Mode } from '../model/words.ts';
import { inUse, theNode } from '../plan/plan.ts';
import { editServer } from './edit-rules.ts';
import type { Fault } from './fault.ts';
import { serverInKernel } from './kernel-table.ts';
import { nameWithService } from './servers.ts';
import { changed, type Sign } from './sign.ts';
import { fails } from './symptom.ts';

/** For each method another one that people choose by mistake, and the kernel's name for that one. */
const others: Record<Mode, { mode: Mode; word: string }> = {
  nat: { mode: 'dr', word: 'Route' },
  dr: { mode: 'nat', word: 'Masq' },
  tun: { mode: 'nat', word: 'Masq' },
};

/** Another of -g, -m and -i. */
const methodChanged: Sign = (change) =>
  changed('ipvs', / -r /, { before: /^-[gmi]/, after: /^-[gmi]/ })(change).filter(
    ({ before, after }) => before?.slice(0, 2) !== after?.slice(0, 2),
  );

export const methodWrong: Fault = {
  id: 'method-wrong',
  family: 'ipvs',
  title: 'the director uses a forwarding method for which a real server is not set up',
  cause:
    'With direct routing, a real server without the VIP drops requests. With NAT, a real server whose gateway is not the director answers with its own address, which the client does not know.',
  sign: methodChanged,
  places: (plan) => {
    // With health checks another program manages the table.
    if (plan.health) return [];
    const director = theNode(plan, 'director').name;
    return plan.services
      .filter(({ fwmark }) => fwmark === 0)
      .flatMap((service) =>
        inUse(service)
          .filter(({ local }) => !local)
          .map((destination) => {
            const { mode, word } = others[destination.mode];
            return {
              name: nameWithService(plan, destination.server, service),
              nodes: [director],
              make: [{ on: director, run: editServer(service, destination, { forwarding: mode, tunnel: '' }) }],
              witness: serverInKernel(director, service, destination, `$3 == "${word}"`),
              symptom: fails(plan, [destination.server], [service]),
            };
          }),
      );
  },
};
