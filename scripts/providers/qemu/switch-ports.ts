/** A port of a vde_switch. */
export interface SwitchPort {
  number: number;
  /** The VLAN of frames without a tag. */
  vlan: number;
  /** Something is plugged in. */
  active: boolean;
  /** The process that is plugged in; libvdeplug says it. */
  pid?: number;
}

/** Reads the answer to port/allprint: print_port in vde's port.c; the PID is from libvdeplug (vde_open_real). */
export function parsePorts(text: string): SwitchPort[] {
  return text
    .split(/^(?=Port )/m)
    .map((block) => {
      const [, number, vlan, state] = /^Port (\d+) untagged_vlan=(\d+) (INACTIVE|ACTIVE)/.exec(block) ?? [];
      const pid = /-- endpoint .*\bpid=(\d+)/i.exec(block)?.[1];
      return {
        number: Number(number),
        vlan: Number(vlan),
        active: state === 'ACTIVE',
        ...(pid !== undefined && { pid: Number(pid) }),
      };
    })
    .filter(({ number }) => !Number.isNaN(number));
}

/** The VLANs in the answer to vlan/allprint. */
export function parseVlans(text: string): number[] {
  return [...text.matchAll(/^VLAN (\d+)/gm)].map(([, number]) => Number(number));
}

/** The addresses, as hex digits, that a switch has learned in the VLAN of all nodes: the answer to hash/print. */
export function parseLearned(text: string): string[] {
  return [...text.matchAll(/ Addr: ([0-9a-f:]{17}) VLAN 0000 /g)].map(([, address = '']) =>
    address.replaceAll(':', ''),
  );
}
