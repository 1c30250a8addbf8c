import { management } from '../plan/management.ts';
import type { Nic } from '../plan/plan.ts';
import type { StateEntry } from './state.ts';

/** What must be known of a device to find its role. */
export interface Device {
  name: string;
  mac: string;
  /** It is hardware, not a bridge, a tunnel or another device of the kernel. */
  hardware: boolean;
}

/** Names of devices and of their roles. A device without a role has its own name. */
export interface Devices {
  role(name: string): string;
  /** Replaces device names by roles in a text, after words such as `dev`. */
  inRoles(text: string): string;
  /** The NICs that have a role, as facts. */
  facts: StateEntry[];
}

/**
 * Finds the roles of NICs by the plan's MACs. A NIC whose MAC was changed has the role that its name had before, or else the only
 * one that is left.
 * @param before the state with which the new one will be compared
 */
export function devicesOf(seen: readonly Device[], planned: readonly Nic[], before: readonly StateEntry[]): Devices {
  const roles = new Map<string, string>();
  const left = new Set(planned.map(({ network }): string => network));
  const give = (role: string, device: Device | undefined) => {
    if (!device || roles.has(device.name)) return;
    roles.set(device.name, role);
    left.delete(role);
  };
  const hardware = seen.filter((device) => device.hardware);
  for (const nic of planned)
    give(
      nic.network,
      hardware.find(({ mac }) => mac === nic.mac),
    );
  for (const { section, key, value } of before) {
    if (section === 'nic' && (left.has(key) || key === management)) {
      give(
        key,
        hardware.find(({ name }) => name === value),
      );
    }
  }
  if (seen.length === 0) {
    // The devices could not be read. Names that other tools print have the roles that they had.
    for (const { section, key, value } of before) if (section === 'nic') roles.set(value, key);
  }
  const others = hardware.filter(({ name }) => !roles.has(name) && name !== management);
  if (others.length === left.size) for (const role of [...left]) give(role, others.shift());
  if (![...roles.values()].includes(management)) {
    give(
      management,
      hardware.find(({ name }) => !roles.has(name)),
    );
  }
  const role = (name: string) => roles.get(name) ?? name;
  return {
    role,
    inRoles: (text) => withDevices(text, role),
    facts: [...roles].map(([name, key]) => ({ section: 'nic', key, value: name })),
  };
}

/** Replaces names of devices in what ip and tc print. */
export function withDevices(text: string, replace: (name: string) => string): string {
  return text.replace(
    /\b(dev|iif|oif) (\S+?)(?=@|\\|\s|$)/g,
    (_, word: string, name: string) => `${word} ${replace(name)}`,
  );
}
