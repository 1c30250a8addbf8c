import { resolve } from 'node:path';
import { Option } from 'commander';
import { UsageError } from '../errors.ts';
import { languages } from '../exercise/languages.ts';
import { type ChosenKernels, readKernel } from '../model/kernels.ts';
import { realServerCount, requestCount } from '../model/limits.ts';
import type { ChosenModules } from '../model/modules.ts';
import { kernelHelp, kernelMeantBy } from '../model/reading/kernel-mistakes.ts';
import { schedulers, siteRoles } from '../model/words.ts';
import { hypervisorHint, providerNames } from '../providers/index.ts';
import { wholeNumber, wordOf, wordsOf } from './values.ts';

// Options that several commands have.

export function realServers(): Option {
  const { least, most } = realServerCount;
  return new Option('--real-servers <n>', `number of real servers, ${least} to ${most}`).argParser(
    wholeNumber('--real-servers', realServerCount),
  );
}

export function requests(): Option {
  return new Option('--requests <n>', 'number of requests that the check sends').argParser(
    wholeNumber('--requests', requestCount),
  );
}

export function scheduler(): Option {
  return new Option('--scheduler <name>', 'use this scheduler instead of the lab file’s').argParser(
    wordOf(schedulers, (word) => `there is no scheduler ${word}`),
  );
}

export function site(): Option {
  return new Option('--with <server,…>', `add a web site with these servers: ${siteRoles.join(', ')}`).argParser(
    wordsOf('--with', siteRoles, (word) => `a web site has no server ${word}`),
  );
}

export function kernel(): Option {
  return new Option(
    '--kernel <kernel,…>',
    'a kernel for all machines (6.12.94, 6.1, sid), or for one: director=7.2',
  ).argParser(kernelsOf);
}

/** `6.1,director=7.2`: one for all machines, and others for some. */
export function kernelsOf(text: string): ChosenKernels {
  const chosen: ChosenKernels = { nodes: {} };
  for (const part of text.split(',').filter(Boolean)) {
    const [, node, word = ''] = /^(?:([^=]*)=)?(.*)$/.exec(part) ?? [];
    someKernel('--kernel')(word);
    if (node === undefined) chosen.all = word;
    else chosen.nodes[node] = word;
  }
  return chosen;
}

export function module(): Option {
  return new Option(
    '--module <file,…>',
    'an ip_vs.ko of your own for all directors, or for one: director=FILE',
  ).argParser(modulesOf);
}

/** `new/ip_vs.ko,backup=old/ip_vs.ko`: one for all directors, and others for some. */
export function modulesOf(text: string): ChosenModules {
  const chosen: ChosenModules = { nodes: {} };
  for (const part of text.split(',').filter(Boolean)) {
    const [, node, file = ''] = /^(?:([\w-]+)=)?(.*)$/.exec(part) ?? [];
    if (file === '') throw new UsageError(`--module: there is no file after ${part}`);
    if (node === undefined) chosen.all = resolve(file);
    else chosen.nodes[node] = resolve(file);
  }
  return chosen;
}

/** A word for one kernel. */
export function someKernel(option: string): (word: string) => string {
  return (word) => {
    if (readKernel(word)) return word;
    const meant = kernelMeantBy(word);
    throw new UsageError(`${option}: ${JSON.stringify(word)} is no kernel${meant ? `; did you mean ${meant}?` : ''}`, {
      tryThis: kernelHelp,
    });
  };
}

export function provider(): Option {
  return new Option(
    '--provider <name>',
    `${providerNames.join(' or ')}; by default LAB_PROVIDER, the running lab or the lab file decides`,
  ).argParser(
    wordOf(providerNames, (word) => [`there is no provider ${word}`, hypervisorHint(word)].filter(Boolean).join('; ')),
  );
}

export function noSetup(): Option {
  return new Option('--no-setup', 'do not install missing packages, only name them');
}

export function noDiagnose(): Option {
  return new Option('--no-diagnose', 'if a check fails, do not look for the cause');
}

export function language(): Option {
  return new Option('--language <language>', `${languages.join(' or ')}; by default LAB_LANGUAGE, or en`).argParser(
    wordOf(languages, (word) => `there is no language ${word}`),
  );
}
