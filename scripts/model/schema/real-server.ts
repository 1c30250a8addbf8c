import { z } from 'zod';
import { thresholdRange, weightRange } from '../limits.ts';
import { defaultTunnel, guePort, modes, tunnels } from '../words.ts';
import { address, nodeName, port, within } from './values.ts';

const weight = within(weightRange);
const threshold = within(thresholdRange);

/** Keys of a real server that a service can set again for itself. */
const share = {
  weight: weight
    .exactOptional()
    .describe('ipvsadm --weight: its share of the connections, beside the weights of the others. 0 gets no new ones.'),
  uthreshold: threshold
    .exactOptional()
    .describe('ipvsadm --u-threshold: with this many connections it gets no new ones. 0 is no threshold.'),
  lthreshold: threshold
    .exactOptional()
    .describe(
      'ipvsadm --l-threshold: it gets new ones again with fewer connections than this. 0: three quarters of uthreshold.',
    ),
  port: port
    .exactOptional()
    .describe('The port that its server listens on. Only nat can change the port of the service.'),
};

export const realServer = z.strictObject({
  name: nodeName
    .optional()
    .describe('Host name. The name director makes the director itself a real server: LocalNode.'),
  address: address
    .optional()
    .describe(
      'RIP: in the back network by nat, in the front network by dr, in the remote network by tun where there is one, else in front.',
    ),
  mode: z.enum(modes).optional().describe('Forwarding method of this real server alone.'),
  ...share,
  weight: share.weight.default(1),
  uthreshold: share.uthreshold.default(0),
  lthreshold: share.lthreshold.default(0),
  tunnel: z
    .enum(tunnels)
    .optional()
    .describe('Only by tun, ipvsadm --tun-type: what requests are wrapped in.')
    .meta({ default: defaultTunnel }),
  tunnel_port: port.optional().describe('Only for gue, ipvsadm --tun-port: the UDP port.').meta({ default: guePort }),
  gateway: address
    .optional()
    .describe(
      'Only by nat: the default gateway. Answers must come back through the director, so its back address is the only one that works.',
    ),
});

/** A real server as one of a service's. */
export const member = z.strictObject({ name: nodeName, ...share });

export type MemberInFile = z.output<typeof member>;
export type RealServerInFile = z.output<typeof realServer>;

/** As it is written: keys that have a default may be left out. */
export type WrittenRealServer = z.input<typeof realServer>;
