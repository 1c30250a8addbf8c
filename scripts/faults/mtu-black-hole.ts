import type { Fault } from './fault.ts';
import { longLost } from './long-lost.ts';

export const mtuBlackHole: Fault = {
  id: 'mtu-black-hole',
  title: 'packets of more than 1200 bytes are lost on their way into a real server',
  cause:
    'No ICMP error tells the sender, so it sends the same long packet again and again. Short requests are answered.',
  ...longLost('in'),
};
