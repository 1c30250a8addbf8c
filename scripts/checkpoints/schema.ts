import { z } from 'zod';
import { isLabName } from '../host/lab-files.ts';
import { longestTitle, memoryRange, realServerCount } from '../model/limits.ts';
import { kernel } from '../model/schema/kernel.ts';
import { type Plan, planSchema } from '../plan/plan.ts';
import { providerNames } from '../providers/index.ts';
import type { SavedMachines } from '../providers/provider.ts';
import { isLabel } from './label.ts';

// A checkpoint may come from anybody: no word of it may lead out of a folder, become another argument of QEMU, or command a terminal.
// What runs in its machines is another matter: docs/security.md.

/** Of checkpoint.json. Another number is another version of it, which cannot be read. */
export const format = 2;

/** No dot or hyphen in front. */
const plainName = z
  .string()
  .regex(/^[a-z0-9_][\w.-]*$/i)
  .max(100);
const plainPath = z.string().regex(/^[a-z0-9_][\w.-]*(\/[a-z0-9_][\w.-]*)?$/i);
const oneLine = z.string().regex(/^[^\n\t]*$/);
const bytes = z.number().int().nonnegative();

/** A file of a checkpoint. */
const part = z.object({
  /** Its path in the checkpoint's folder. */
  file: plainPath,
  size: bytes,
  /** Of its last change, in milliseconds since 1970. */
  changed: z.number().nonnegative(),
  /** Of its content; see sparseHashOf. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

export type Part = z.infer<typeof part>;

/** Of a plan: what becomes a path or an argument on this computer. */
const plan = z.looseObject({
  schema: z.literal(planSchema),
  lab: z.string().refine(isLabName),
  file: oneLine.optional(),
  title: oneLine.max(longestTitle),
  memory: z.number().int().min(memoryRange.least).max(memoryRange.most),
  kernel: kernel.optional(),
  provider: z.enum(providerNames),
  networks: z.array(z.looseObject({ name: plainName })),
  nodes: z
    .array(
      z.looseObject({
        name: plainName,
        kernel: kernel.optional(),
        disk: plainName.optional(),
        nics: z.array(z.looseObject({ network: plainName })),
      }),
    )
    .max(realServerCount.most * 2),
});

const machines = z.object({
  version: oneLine.max(200),
  accelerator: z.enum(['tcg', 'kvm']),
  cpu: z.string().max(20_000),
  hardware: z.string().regex(/^[0-9a-f]{12}$/),
  machines: z.array(z.object({ node: plainName, image: plainName, layer: z.boolean().optional() })),
});

export const checkpointSchema = z
  .object({
    format: z.literal(format),
    /** No other checkpoint has it. */
    id: z.string().regex(/^[0-9a-f]{12}$/),
    lab: z.string().refine(isLabName),
    label: z.string().refine(isLabel),
    /** When, as in 2026-01-31T12:00:00.000Z. */
    saved: z.iso.datetime(),
    /** Version of the kit. */
    kit: oneLine.max(50),
    plan,
    machines,
    /** Bytes that its files occupy on disk. */
    occupied: bytes,
    parts: z.array(part).refine((all) => areDifferent(all.map(({ file }) => file))),
  })
  .refine((one) => one.lab === one.plan.lab, { path: ['lab'] })
  .refine(
    ({ plan: { nodes }, machines: { machines: all } }) => {
      const [planned, saved] = [nodes.map(({ name }) => name), all.map(({ node }) => node)];
      return areDifferent(planned) && String(planned.sort()) === String(saved.sort());
    },
    { path: ['machines'] },
  );

/** A whole lab as it stood at one moment. */
export type Checkpoint = Omit<z.infer<typeof checkpointSchema>, 'plan' | 'machines'> & {
  plan: Plan;
  machines: SavedMachines;
};

function areDifferent(all: readonly string[]): boolean {
  return new Set(all).size === all.length;
}

/** Whether a character in any text of a document could command a terminal. */
export function hasControls(value: unknown): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (typeof value === 'string') return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, one]) => hasControls(key) || hasControls(one));
}
