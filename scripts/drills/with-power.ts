import type { PowerControl } from './power-control.ts';

/** Lends power control to a drill. Machines that the drill switched off are on again afterwards, even if it fails. */
export async function withPower<T>(power: PowerControl, drill: (power: PowerControl) => Promise<T>): Promise<T> {
  const off = new Set<string>();
  try {
    return await drill({
      cut: (node) => {
        off.add(node);
        return power.cut(node);
      },
      restore: async (node) => {
        await power.restore(node);
        off.delete(node);
      },
    });
  } finally {
    await Promise.allSettled([...off].map((node) => power.restore(node)));
  }
}
