import type { NodeCommand } from './fault.ts';
import { onNic } from './sh.ts';

/** Starts a sync daemon of IPVS in place of the one that runs. @param device shell text */
export function startSync(
  on: string,
  address: string,
  state: 'master' | 'backup',
  device: string,
  syncid: number,
): NodeCommand {
  const stop = `{ ipvsadm --stop-daemon ${state} 2> /dev/null || :; }`;
  const start = `ipvsadm --start-daemon ${state} --mcast-interface ${device} --syncid ${syncid}`;
  return onNic(on, address, `${stop} && ${start}`);
}
