import { join } from 'node:path';
import { removeTree } from '../../host/files.ts';
import { takeLock } from '../../host/lock.ts';
import { cacheFolder } from '../../host/paths.ts';
import { readState, writeState } from '../../host/state-file.ts';
import type { Emit } from '../../report/events.ts';
import type { VagrantLine } from './machine-readable.ts';
import { boxVolumes, dropBoxVolumes } from './sweep.ts';

/**
 * vagrant-libvirt uploads a box to libvirt when it makes the first machine of that box, and afterwards takes any volume of that
 * name for complete. So only one lab at a time makes first machines, and a marker lists the box volumes that were complete before.
 * Volumes that a killed command has begun to upload are not in it, and are deleted.
 * @returns what to call with each line that vagrant prints, and when vagrant has ended
 */
export async function guardUpload(emit: Emit): Promise<{ onLine: (line: VagrantLine) => void; end(): Promise<void> }> {
  const marker = join(cacheFolder(), 'vagrant', 'upload.json');
  const lock = await takeLock(join(cacheFolder(), 'vagrant', 'upload.lock'), {
    what: 'uploading a Vagrant box',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the box: ${holder}` }),
  });
  const whole = (await readState<{ whole: string[] }>(marker))?.whole;
  if (whole) await dropBoxVolumes((await boxVolumes()).filter((name) => !whole.includes(name)));
  await writeState(marker, { whole: await boxVolumes() });
  let done: Promise<void> | undefined;
  const end = () => {
    done ??= removeTree(marker).finally(() => lock.release());
    return done;
  };
  return {
    // vagrant-libvirt makes a machine's disk when its box is uploaded.
    onLine: ({ type, data }) => {
      if (type === 'ui' && /Creating image \(snapshot of base box volume\)/.test(data[1] ?? '')) void end();
    },
    end,
  };
}
