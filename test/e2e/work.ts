import type { ExecutionContext } from 'ava';
import type { Task } from '../../scripts/exercise/exercise.ts';
import type { Step } from '../../scripts/experiment/experiment.ts';
import type { Variant } from '../exercise/made.ts';
import type { LabCommand } from './lab.ts';

export interface CheckDocument {
  right: boolean;
  points: number;
  of: number;
  tasks: { id: string; right: boolean; points: number }[];
  tell: { task: string; text: string } | null;
}

/** One student with one exercise. */
export class Work {
  readonly #answers = new Map<string, string>();
  readonly #lab: LabCommand;
  readonly variant: Variant;

  constructor(lab: LabCommand, variant: Variant) {
    this.#lab = lab;
    this.variant = variant;
  }

  get #student(): string[] {
    return ['--student', this.variant.exercise.who.student];
  }

  get id(): string {
    return this.variant.exercise.id;
  }

  async begin(t: ExecutionContext, how: 'start' | 'reset'): Promise<void> {
    this.#answers.clear();
    for (const task of this.variant.exercise.tasks) if (task.kind === 'answered') this.#answers.set(task.id, '');
    const { code, stderr } = await this.#lab.run('exercise', how, this.id, ...this.#student);
    t.is(code, 0, stderr);
  }

  async type(steps: readonly Step[]): Promise<void> {
    for (const { deed } of steps) if (deed.verb === 'run') await this.#lab.on(this.id, deed.of.on, deed.of.command);
  }

  async solve(task: Task): Promise<void> {
    if (task.kind === 'done') await this.type(task.solve);
    else this.answer(task, this.variant.right[task.id]?.join(' ') ?? '');
  }

  answer(task: Task, words: string): void {
    this.#answers.set(task.id, words);
  }

  async check(): Promise<CheckDocument> {
    const answers = [...this.#answers].flatMap(([task, words]) => ['--answer', `${task}=${words}`]);
    const { code, document, stderr } = await this.#lab.json<CheckDocument>(
      ...['exercise', 'check', this.id, ...this.#student, ...answers],
    );
    if (code !== (document.right ? 0 : 1)) throw new Error(`exit code ${code}: ${stderr}`);
    return document;
  }

  async hint(task: Task): Promise<void> {
    const { code, stderr } = await this.#lab.run('exercise', 'hint', this.id, task.id, ...this.#student);
    if (code !== 0) throw new Error(stderr);
  }

  async submit(to: string): Promise<void> {
    const { code, stderr } = await this.#lab.run('exercise', 'submit', this.id, ...this.#student, '--to', to);
    if (code !== 0) throw new Error(stderr);
  }
}
