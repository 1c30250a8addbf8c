import type { Path } from '../reading/source.ts';
import { namedServers, ordinaryServer } from '../real-servers.ts';
import type { LabFile } from '../schema/lab-file.ts';
import type { MemberInFile } from '../schema/real-server.ts';
import type { ServiceInFile } from '../schema/service.ts';
import { membersIn } from '../services.ts';
import type { Mode } from '../words.ts';

/** A real server of a service: the values of the lab, overridden by those of the service. */
export interface Member {
  name: string;
  mode: Mode;
  weight: number;
  port: number | undefined;
  uthreshold: number;
  lthreshold: number;
  /** It stays in the table with weight 0 when its health checks fail. */
  quiescent: boolean;
  /** Its place in the file. */
  at(key: string): Path;
}

/**
 * @param path of the service
 * @param names of the lab's real servers
 */
export function membersOf(file: LabFile, names: readonly string[], service: ServiceInFile, path: Path): Member[] {
  const ofLab = namedServers(file);
  const ofService = membersIn(service);
  return names.flatMap((name, index) => {
    const place = ofService?.findIndex((one) => one.name === name) ?? -1;
    if (ofService && place < 0) return [];
    const own: Partial<MemberInFile> = ofService?.[place] ?? {};
    const lab = ofLab[index] ?? ordinaryServer;
    const { port, weight, uthreshold, lthreshold } = { ...lab, ...own };
    const quiescent = lab.quiescent ?? file.health?.quiescent ?? false;
    const at = (key: string): Path =>
      key in own ? [...path, 'real_servers', place, key] : ['real_servers', index, key];
    return { name, mode: lab.mode ?? file.mode, weight, port, uthreshold, lthreshold, quiescent, at };
  });
}
