import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashesOf, readIfThere, sizesOf } from '../../host/files.ts';
import { cacheFolder, projectRoot, runtimeFolder } from '../../host/paths.ts';
import { guestHostKey, userKey } from '../../host/ssh-keys.ts';
import { readState } from '../../host/state-file.ts';
import { loadTemplate } from '../../render/load-templates.ts';
import { systemName } from '../image/image.ts';
import type { Source } from './clone.ts';
import { type Hardware, hardwareArguments } from './machine-arguments.ts';
import type { QemuProgram } from './qemu-program.ts';

/**
 * The plain template is a machine that was booted once and saved. The template of a role is a clone of it that has run some
 * scripts, saved again. Clones map its memory copy-on-write and load its device state.
 */
export interface Template extends Source {
  key: string;
  folder: string;
  /** Of a role's template: what it was cloned from, and the scripts that ran in it then. */
  role?: { base: Template; scripts: readonly RoleScript[] };
  /** It has modules of one's own. */
  own?: true;
}

/** In the keys of templates with modules of one's own. */
export const ownMark = '-own';

/** A script that a machine of a role has run before anything is known of its lab. */
export interface RoleScript {
  name: string;
  text: string;
  args?: string[];
}

export interface Imprint {
  key: string;
  image: string;
  accelerator: string;
  qemu: string;
  built: string;
  seconds: number;
  /** Bytes of the memory and of the device state. */
  sizes: number[];
  /** SHA-256 of the same files. Templates of earlier versions of the kit have none. */
  hashes?: string[];
  /** What ran in it, beginning with the plain template's script. Templates of earlier versions of the kit have none. */
  scripts?: ScriptImprint[];
}

/** A script by its name, and the SHA-256 of its text. */
interface ScriptImprint {
  name: string;
  hash: string;
}

/** The script that the plain template runs, as its file in `templates/` is called. */
const prepareName = 'guest/prepare.sh';

export function templatesFolder(): string {
  return join(cacheFolder(), 'templates');
}

/**
 * The template that these scripts make of the plain one, whether it is made or not; without scripts the plain one itself.
 * @param own a script that puts modules of one's own into it, before the others
 */
export function templateOfRole(base: Template, ofRole: readonly RoleScript[], own?: RoleScript): Template {
  const scripts = own ? [own, ...ofRole] : ofRole;
  if (scripts.length === 0) return base;
  const key = `${base.key}${own ? ownMark : ''}-${shortHash([base.key, scripts])}`;
  return { ...templateIn(key, base.hardware), role: { base, scripts }, ...(own && { own: true }) };
}

function templateIn(key: string, hardware: Hardware): Template {
  const folder = join(templatesFolder(), key);
  return { key, folder, hardware, memory: join(folder, 'memory'), state: join(folder, 'state') };
}

function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/**
 * The plain template for this hardware, whether it is made or not. Its key depends on everything that the saved state depends on:
 * QEMU's version, the command line (with the image's key in its paths), the CPU under KVM, the script that ran in the guest, and the keys.
 */
export async function plainTemplate(hardware: Hardware, qemu: QemuProgram): Promise<Template> {
  const { user, host, script } = await ingredients();
  // The build of the image matters too: the template's memory holds files that it has read.
  const build = await readIfThere(join(hardware.image.folder, 'image.json'));
  const cpu = hardware.accelerator === 'kvm' ? await cpuModel() : '';
  const recipe = [qemu.version, build, hardwareArguments(hardware), cpu, script, user.publicKey, host.publicKey];
  const { system, layer } = hardware.image;
  const names = [systemName(system), ...(layer ? [layer.name] : []), hardware.accelerator, hardware.memory];
  const key = [...names, shortHash(recipe)].join('-');
  return templateIn(key, hardware);
}

export async function ingredients() {
  const [user, host, { text: script }] = await Promise.all([userKey(), guestHostKey(), scriptNamed(prepareName)]);
  return { user, host, script };
}

/** A script as it is now: of a role by its name in the plan, or the plain template's. @throws Error if there is none */
export async function scriptNamed(name: string): Promise<RoleScript> {
  const plain = name === prepareName;
  const text = plain ? readFile(join(projectRoot, 'templates', name), 'utf8') : loadTemplate(projectRoot, name);
  return { name, text: await text };
}

/** What runs in this template, for its imprint. Modules of one's own never change: others are another template. */
export async function scriptsIn({ role, own }: Template): Promise<ScriptImprint[]> {
  const ofRole = role?.scripts.slice(own ? 1 : 0) ?? [];
  return [await scriptNamed(prepareName), ...ofRole].map(imprintOf);
}

/** Whether the scripts that ran in a template are still the kit's. One that the kit does not have any more is not. */
export async function areCurrent(scripts: readonly ScriptImprint[]): Promise<boolean> {
  const same = scripts.map(async ({ name, hash }) => {
    const now = await scriptNamed(name).catch(() => undefined);
    return now !== undefined && imprintOf(now).hash === hash;
  });
  return !(await Promise.all(same)).includes(false);
}

function imprintOf({ name, text }: RoleScript): ScriptImprint {
  return { name, hash: createHash('sha256').update(text).digest('hex') };
}

/** This computer's CPU: everything of it that a machine on KVM may depend on. */
export async function cpuModel(): Promise<string> {
  const text = (await readIfThere('/proc/cpuinfo')) ?? '';
  return ['model name', 'microcode', 'flags']
    .map((field) => new RegExp(`^${field}\\s*:.*`, 'm').exec(text)?.[0])
    .join();
}

/** Whether the template is complete: its imprint, which is written last, gives the sizes of both files. */
export async function isMade(template: Template): Promise<boolean> {
  const imprint = await readState<Imprint>(join(template.folder, 'template.json'));
  return imprint?.key === template.key && String(imprint.sizes) === String(await sizesIn(template.folder));
}

/** Whether the files of a finished template have changed since they were saved. */
export async function isTemplateDamaged(folder: string): Promise<boolean> {
  const imprint = await readState<Imprint>(join(folder, 'template.json'));
  return imprint?.hashes !== undefined && String(imprint.hashes) !== String(await hashesOf(templateFiles(folder)));
}

export function sizesIn(folder: string): Promise<number[]> {
  return sizesOf(templateFiles(folder));
}

export function templateFiles(folder: string): string[] {
  return ['memory', 'state'].map((name) => join(folder, name));
}

export function socketsOf(key: string): string {
  return join(runtimeFolder(), `t${key.slice(-10)}`);
}
