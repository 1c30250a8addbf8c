// The program in JavaScript, kept beside the packages that it imports: tsx takes half a second for what this does in a fifth.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, lstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const prefix = '.lvs-lab-';
const day = 24 * 3600_000;

/**
 * The address of the program, compiled anew where a source has changed.
 * @param {string} project folder that holds package.json
 * @returns {Promise<string | undefined>} nothing where it cannot be kept: the packages are another user's, or there is no room
 */
export async function compiledProgram(project) {
  const packages = join(project, 'node_modules');
  try {
    const found = lstatSync(packages);
    // Root's files in a user's folder would be in the way of their next npm ci.
    if (!found.isDirectory() || found.uid !== process.getuid?.()) return undefined;
    // As deep as scripts/host/paths.ts lies, which finds the project by where it is itself.
    const folder = join(packages, `${prefix}${stampOf(project)}`);
    const program = join(folder, 'lab.mjs');
    if (!existsSync(program)) await compile(project, folder, program);
    return pathToFileURL(program).href;
  } catch {
    return undefined;
  }
}

/** Another one when any source is. Their contents are not read: that would take as long as it saves. */
function stampOf(project) {
  const scripts = join(project, 'scripts');
  const sources = readdirSync(scripts, { recursive: true }).filter((name) => name.endsWith('.ts'));
  const facts = sources.map((name) => {
    const { size, mtimeMs, ctimeMs } = statSync(join(scripts, name));
    return [name, size, mtimeMs, ctimeMs];
  });
  return createHash('sha256')
    .update(JSON.stringify([project, facts.sort()]))
    .digest('hex')
    .slice(0, 16);
}

function sync(path) {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

async function compile(project, folder, program) {
  const { build } = await import('esbuild');
  const draft = `${folder}.${process.pid}`;
  try {
    await build({
      entryPoints: [join(project, 'scripts/lab.ts')],
      outdir: draft,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      logLevel: 'silent',
    });
    // Whole or not at all, whenever the power fails; another command may have been quicker.
    for (const name of readdirSync(draft)) sync(join(draft, name));
    await rename(draft, folder).catch((error) => {
      if (!existsSync(program)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  // What other sources made, and drafts of who died at it. A command that is on its way may still load parts of a newer one.
  const packages = join(project, 'node_modules');
  for (const name of readdirSync(packages)) {
    const path = join(packages, name);
    if (name.startsWith(prefix) && path !== folder && Date.now() - statSync(path).mtimeMs > day) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
