import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { run } from './exec.ts';
import { makePrivateFolder } from './files.ts';

/** An flock(2) lock that several processes hold at the same time. The kernel releases it when its process ends, however it ends. */
export class SharedLock {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Opens the file; nothing is held yet. */
  static async open(path: string): Promise<SharedLock> {
    await makePrivateFolder(dirname(path));
    return new SharedLock(openSync(path, 'a+', 0o600));
  }

  /** Holds it together with others. */
  async share(): Promise<void> {
    await run('flock', ['--shared', '3'], { fd: this.#fd });
  }

  /** Whether nobody else holds it. It is held alone then, else not any more. */
  async alone(): Promise<boolean> {
    return (await run('flock', ['--exclusive', '--nonblock', '3'], { fd: this.#fd, anyExitCode: true })).code === 0;
  }

  release(): void {
    closeSync(this.#fd);
  }
}
