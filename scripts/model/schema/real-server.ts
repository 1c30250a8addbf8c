import { z } from 'zod';
import { thresholdRange, weightRange } from '../limits.ts';
import { defaultTunnel, guePort, modes, tunnels } from '../words.ts';
import { address, nodeName, port, within } from './values.ts';

const weight = within(weightRange);
const threshold = within(thresholdRange);

/** Keys of a real server that a service can override. */
const share = {
  weight: weight
    .exactOptional()
    .describe(
      'ipvsadm --weight: its share of the connections, relative to the other weights. With 0 it gets no new connections.',
    ),
  uthreshold: threshold
    .exactOptional()
    .describe('ipvsadm --u-threshold: with this many connections it gets no new ones. 0 means no threshold.'),
  lthreshold: threshold
    .exactOptional()
    .describe(
      'ipvsadm --l-threshold: with fewer connections than this it gets new ones again. 0 means three quarters of uthreshold.',
    ),
  port: port
    .exactOptional()
    .describe('The port that its server listens on. It may differ from the port of the service only with nat.'),
};

export const realServer = z.strictObject({
  name: nodeName.optional().describe('Host name. A real server named director is the director itself (LocalNode).'),
  address: address
    .optional()
    .describe(
      'RIP. By nat it is in the back network, by dr in the front network, by tun in the remote network or, without one, in the front network.',
    ),
  mode: z.enum(modes).optional().describe('Forwarding method of this real server alone.'),
  ...share,
  weight: share.weight.default(1),
  uthreshold: share.uthreshold.default(0),
  lthreshold: share.lthreshold.default(0),
  quiescent: z
    .boolean()
    .exactOptional()
    .describe('Only with keepalived, its inhibit_on_failure: what health.quiescent says, for this real server alone.'),
  tunnel: z
    .enum(tunnels)
    .optional()
    .describe('Only by tun, ipvsadm --tun-type: the encapsulation of requests.')
    .meta({ default: defaultTunnel }),
  tunnel_port: port.optional().describe('Only for gue, ipvsadm --tun-port: the UDP port.').meta({ default: guePort }),
  gateway: address
    .optional()
    .describe(
      'Only by nat: the default gateway. Answers must go back through the director, so only the director’s back address works.',
    ),
});

/** A real server in the list of a service. */
export const member = z.strictObject({ name: nodeName, ...share });

export type MemberInFile = z.output<typeof member>;
export type RealServerInFile = z.output<typeof realServer>;

/** A real server as it is written: keys that have a default may be missing. */
export type WrittenRealServer = z.input<typeof realServer>;
