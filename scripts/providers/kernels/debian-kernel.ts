import { compareVersions, type KernelSuite } from '../../model/kernels.ts';
import type { Kernel } from '../../model/words.ts';
import { compareDebian } from './debian-version.ts';

/** A package of the archive. */
export interface KernelPackage {
  name: string;
  uri: string;
  /** Bytes. */
  size: number;
  sha256: string;
}

/** A kernel that Debian's archive has, or had. */
export interface DebianKernel {
  /** As uname -r prints it: 6.12.94+deb13-cloud-amd64, 6.1.0-50-amd64. */
  name: string;
  /** Of the upstream kernel: 6.12.94. */
  version: string;
  /** Of the package: 6.12.94-1. */
  debian: string;
  flavour: Kernel;
  suites: KernelSuite[];
  packages: KernelPackage[];
}

/** The oldest first. */
export function byVersion(one: DebianKernel, other: DebianKernel): number {
  return (
    compareVersions(one.version, other.version) ||
    compareDebian(one.debian, other.debian) ||
    one.name.localeCompare(other.name)
  );
}
