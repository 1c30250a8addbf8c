import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/host/paths.ts';

export interface Document {
  /** Its path in the project. */
  file: string;
  text: string;
}

/** README.md, CONTRIBUTING.md and everything in docs/. */
export async function documents(): Promise<Document[]> {
  const inDocs = await readdir(join(projectRoot, 'docs'), { recursive: true });
  const files = ['README.md', 'CONTRIBUTING.md', ...inDocs.sort().map((file) => `docs/${file}`)];
  const texts = files.filter((file) => file.endsWith('.md'));
  return Promise.all(texts.map(async (file) => ({ file, text: await readFile(join(projectRoot, file), 'utf8') })));
}

/** The names that GitHub gives to a document's headings, for links. */
export function anchors(text: string): string[] {
  const outside = text.replace(/^```.*?^```/gms, '');
  return [...outside.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Where a document's links and pictures lead, addresses of other sites apart. */
export function links(text: string): string[] {
  const outside = text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');
  return [...outside.matchAll(/(?:\]\(|<img src=")([^)\s"]+)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}
