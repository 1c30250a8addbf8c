import { imageParts } from '../image/parts.ts';
import { kernelParts } from '../kernels/parts.ts';
import type { ProviderInfo } from '../provider-info.ts';

/** The embedded provider: QEMU processes of this user, cloned from one template machine. */
export const qemuInfo = {
  name: 'qemu',
  parts: [
    { part: 'qemu-system-x86_64', package: 'qemu-system-x86', what: 'runs the machines' },
    { part: 'vde_switch', package: 'vde2', what: 'lab networks' },
    ...imageParts,
  ],
  kernelParts,
  capabilities: {
    disks: true,
    kernels: 'any',
    boxes: false,
    reset: true,
    checkpoints: true,
    lines: true,
    capture: true,
    instructionClock: true,
    outlivesLogout: false,
    managementNetworks: ['169.254.77.0/24'],
  },
} as const satisfies ProviderInfo;
