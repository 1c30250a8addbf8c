// The program in JavaScript, kept beside the packages that it imports: it starts in half the time that tsx takes.
import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const prefix = '.lvs-lab-';
const dayMs = 24 * 3600_000;

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
    accessSync(packages, constants.W_OK);
    // As deep as scripts/host/paths.ts lies, which finds the project by where it is itself.
    const folder = join(packages, `${prefix}${stampOf(project)}`);
    const program = join(folder, 'main.mjs');
    if (existsSync(program)) utimesSync(folder, new Date(), new Date());
    else {
      await compile(project, folder, program);
      removeOlder(packages, folder);
    }
    return pathToFileURL(program).href;
  } catch {
    return undefined;
  }
}

/** Takes a compiled program away that does not start, so that the next command makes it anew. */
export function removeCompiled(address) {
  rmSync(new URL('.', address), { recursive: true, force: true });
}

/** Another one when any source is. Their contents are not read: that would take as long as it saves. */
function stampOf(project) {
  const scripts = readdirSync(join(project, 'scripts'), { recursive: true }).map((name) => join('scripts', name));
  const others = ['bin/compiled.js', 'tsconfig.json', 'package-lock.json'].filter((name) =>
    existsSync(join(project, name)),
  );
  const facts = [...scripts.filter((name) => name.endsWith('.ts')), ...others].sort().map((name) => {
    const { size, mtimeMs, ctimeMs } = statSync(join(project, name));
    return [name, size, mtimeMs, ctimeMs];
  });
  return createHash('sha256')
    .update(JSON.stringify([project, facts]))
    .digest('hex')
    .slice(0, 16);
}

async function compile(project, folder, program) {
  const { buildSync } = await import('esbuild');
  const draft = mkdtempSync(`${folder}.`);
  try {
    buildSync({
      entryPoints: [join(project, 'scripts/cli/main.ts')],
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
    // Whole or not at all, whenever the power fails.
    for (const name of readdirSync(draft)) sync(join(draft, name));
    sync(draft);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another command may have been quicker.
    if (!existsSync(program)) throw error;
  }
}

function sync(path) {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

/** What other sources made, and drafts of who died at it: all that no command has used for a day. */
function removeOlder(packages, folder) {
  for (const name of readdirSync(packages).filter((one) => one.startsWith(prefix))) {
    const path = join(packages, name);
    try {
      if (path !== folder && Date.now() - statSync(path).mtimeMs > dayMs)
        rmSync(path, { recursive: true, force: true });
    } catch {
      // Another command has taken it away.
    }
  }
}
