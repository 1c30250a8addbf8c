import { sh } from './sh.ts';

/** Makes Apache listen elsewhere: at the second address or port of each pair instead of the first. */
export function listenElsewhere(changes: readonly (readonly [from: string, to: string])[]): string {
  const edits = changes.flatMap(([from, to]) => {
    const pattern = from.replace(/[.[\]]/g, '\\$&');
    return ['-e', `s/^\\([[:space:]]*\\)Listen ${pattern}$/\\1Listen ${to}/`];
  });
  const files = ['ports.conf', 'sites-enabled/000-default.conf'];
  return sh`cd /etc/apache2 && sed -i ${[...edits, ...files]} && systemctl restart apache2`;
}
