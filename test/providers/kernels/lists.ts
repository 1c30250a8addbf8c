/** Paragraphs as Debian's lists have them, shortened: kernels in one package, in several, and of which a part is gone. */
export const bookworm = `Package: linux-image-6.1.0-50-cloud-amd64
Source: linux-signed-amd64 (6.1.176+1)
Version: 6.1.176-1
Depends: kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool
Filename: pool/main/l/linux-signed-amd64/linux-image-6.1.0-50-cloud-amd64_6.1.176-1_amd64.deb
Size: 26484304
SHA256: aa

Package: linux-image-6.1.0-50-amd64
Version: 6.1.176-1
Depends: kmod
Filename: pool/generic.deb
Size: 70000000
SHA256: bb

Package: linux-image-6.1.0-50-rt-amd64
Version: 6.1.176-1
Filename: pool/rt.deb
Size: 1
SHA256: cc

Package: linux-image-6.1.0-50-cloud-amd64-dbg
Version: 6.1.176-1
Filename: pool/dbg.deb
Size: 1
SHA256: dd

Package: linux-image-6.1.0-50-cloud-amd64-unsigned
Version: 6.1.176-1
Filename: pool/unsigned.deb
Size: 1
SHA256: ee

Package: linux-image-cloud-amd64
Version: 6.1.176-1
Depends: linux-image-6.1.0-50-cloud-amd64 (= 6.1.176-1)
Filename: pool/meta.deb
Size: 1496
SHA256: ff

Package: linux-libc-dev
Version: 6.1.176-1

`;

export const backports = `Package: linux-image-7.3.4+deb13-cloud-amd64
Version: 7.3.4-1~bpo13+1
Depends: linux-base-7.3.4+deb13-cloud-amd64 (= 7.3.4-1~bpo13+1), linux-binary-7.3.4+deb13-cloud-amd64 (= 7.3.4-1~bpo13+1), linux-modules-7.3.4+deb13-cloud-amd64 (= 7.3.4-1~bpo13+1)
Filename: pool/image.deb
Size: 1928
SHA256: 01

Package: linux-binary-7.3.4+deb13-cloud-amd64
Version: 7.3.4-1~bpo13+1
Filename: pool/binary.deb
Size: 13604064
SHA256: 02

Package: linux-modules-7.3.4+deb13-cloud-amd64
Version: 7.3.4-1~bpo13+1
Filename: pool/modules.deb
Size: 22918420
SHA256: 03

Package: linux-base-7.3.4+deb13-cloud-amd64
Version: 7.3.4-1~bpo13+1
Filename: pool/base.deb
Size: 1025208
SHA256: 04

Package: linux-image-7.1.13+deb13-cloud-amd64
Version: 7.1.13-1~bpo13+1
Depends: linux-binary-7.1.13+deb13-cloud-amd64 (= 7.1.13-1~bpo13+1), linux-modules-7.1.13+deb13-cloud-amd64 (= 7.1.13-1~bpo13+1)
Filename: pool/image-7.1.deb
Size: 1916
SHA256: 05

Package: linux-binary-7.1.13+deb13-cloud-amd64
Version: 7.1.13-1~bpo13+1
Filename: pool/binary-7.1.deb
Size: 13297444
SHA256: 06

Package: linux-image-6.18.15+deb13-cloud-amd64
Version: 6.18.15-1~bpo13+1
Depends: kmod, linux-base-6.18.15+deb13-cloud-amd64 (= 6.18.15-1~bpo13+1)
Filename: pool/image-6.18.deb
Size: 49146196
SHA256: 07

Package: linux-image-cloud-amd64
Version: 7.3.4-1~bpo13+1
Depends: linux-base-cloud-amd64 (= 7.3.4-1~bpo13+1), linux-image-7.3.4+deb13-cloud-amd64 (= 7.3.4-1~bpo13+1), linux-modules-cloud-amd64 (= 7.3.4-1~bpo13+1)
Filename: pool/meta-7.3.deb
Size: 1524
SHA256: 08
`;

/** A paragraph of a kernel in one package. */
export function one(name: string, version: string): string {
  return `Package: linux-image-${name}\nVersion: ${version}\nFilename: pool/${name}.deb\nSize: 1\nSHA256: ${name}\n\n`;
}
