import type { AnswerForm } from './answers.ts';
import type { Language } from './languages.ts';
import type { ExerciseKind } from './schema.ts';

/** What the kit itself says to learners, beside the texts of the exercises. */
interface Sentences {
  points(count: number): string;
  tasks: string;
  /** What kind of answer a task wants. */
  wanted(form: string): string;
  kinds: Record<ExerciseKind, string>;
  /** How many hints there are, and the points that each costs. */
  hints(costs: readonly number[]): string;
  noAnswer: string;
  wrongAnswer: string;
  wrongCount: string;
  earned(points: number, all: number): string;
  allRight: string;
  submitted(file: string, points: number, all: number): string;
  noHint: string;
  cost(points: number): string;
  minutes(count: number): string;
  form: { [Form in AnswerForm['form']]: (count: number) => string };
}

const numbersInWords = {
  en: ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  de: ['keine', 'eine', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf', 'zwölf'],
};

const pointsIn = {
  en: (count: number) => (count === 1 ? '1 point' : `${count} points`),
  de: (count: number) => (count === 1 ? '1 Punkt' : `${count} Punkte`),
};

export const sentences: Record<Language, Sentences> = {
  en: {
    points: pointsIn.en,
    tasks: 'Tasks',
    wanted: (form) => `Answer with ${form}.`,
    kinds: {
      build: 'set something up',
      mend: 'find and mend a fault',
      predict: 'predict',
      measure: 'measure and explain',
      design: 'design',
    },
    minutes: (count) => `about ${count} minutes`,
    hints: (costs) =>
      costs.length === 1
        ? `There is a hint; it costs ${pointsIn.en(costs[0] ?? 0)}.`
        : `There are ${costs.length} hints; they cost ${costs.join(' and ')} points.`,
    noAnswer: 'There is no answer yet.',
    wrongAnswer: 'The answer is not right.',
    wrongCount: 'The answer has more or fewer words than were asked for.',
    earned: (points, all) => `${points} of ${pointsIn.en(all)}`,
    allRight: 'Everything is right.',
    submitted: (file, points, all) =>
      `Hand in the file ${file}. The last check found ${points} of ${pointsIn.en(all)}.`,
    noHint: 'There is no hint left.',
    cost: (points) => `This hint cost ${pointsIn.en(points)}.`,
    form: {
      servers: (count) => `the names of ${numbersInWords.en[count] ?? count} real servers, in their order`,
      numbers: (count) => `${numbersInWords.en[count] ?? count} numbers, in their order`,
      number: () => 'a number',
      address: () => 'an address',
      words: (count) => (count === 1 ? 'a word' : `${numbersInWords.en[count] ?? count} words, in their order`),
    },
  },
  de: {
    points: pointsIn.de,
    tasks: 'Aufgaben',
    wanted: (form) => `Gesucht: ${form}.`,
    kinds: {
      build: 'etwas einrichten',
      mend: 'einen Fehler finden und beheben',
      predict: 'vorhersagen',
      measure: 'messen und erklären',
      design: 'entwerfen',
    },
    minutes: (count) => `etwa ${count} Minuten`,
    hints: (costs) =>
      costs.length === 1
        ? `Es gibt einen Hinweis; er kostet ${pointsIn.de(costs[0] ?? 0)}.`
        : `Es gibt ${costs.length} Hinweise; sie kosten ${costs.join(' und ')} Punkte.`,
    noAnswer: 'Die Antwort fehlt noch.',
    wrongAnswer: 'Die Antwort stimmt nicht.',
    wrongCount: 'Die Antwort hat mehr oder weniger Wörter als verlangt.',
    earned: (points, all) => `${points} von ${all === 1 ? '1 Punkt' : `${all} Punkten`}`,
    allRight: 'Alles stimmt.',
    submitted: (file, points, all) =>
      `Geben Sie die Datei ${file} ab. Die letzte Prüfung ergab ${points} von ${all} Punkten.`,
    noHint: 'Es gibt keinen weiteren Hinweis.',
    cost: (points) => `Dieser Hinweis hat ${pointsIn.de(points)} gekostet.`,
    form: {
      servers: (count) => `die Namen von ${numbersInWords.de[count] ?? count} Realservern, der Reihe nach`,
      numbers: (count) => `${numbersInWords.de[count] ?? count} Zahlen, der Reihe nach`,
      number: () => 'eine Zahl',
      address: () => 'eine Adresse',
      words: (count) => (count === 1 ? 'ein Wort' : `${numbersInWords.de[count] ?? count} Wörter, der Reihe nach`),
    },
  },
};

/** `an address`, `four numbers, in their order`. */
export function formWords(form: AnswerForm, language: Language): string {
  return sentences[language].form[form.form]('count' in form ? form.count : 1);
}
