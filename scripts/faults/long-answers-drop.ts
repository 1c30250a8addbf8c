import type { Fault } from './fault.ts';
import { longLost } from './long-lost.ts';

export const longAnswersDrop: Fault = {
  id: 'long-answers-drop',
  title: 'packets of more than 1200 bytes are lost on their way out of a real server',
  cause: 'No ICMP error tells the sender, so it sends the same long packet again and again. Short answers arrive.',
  ...longLost('out'),
};
