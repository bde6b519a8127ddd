/** Reads as much of a 64-bit little-endian ELF file as the build needs (System V gABI chapters 4 and 5). */

export interface Section {
  readonly index: number;
  readonly name: string;
  /** Part of the running program's memory. */
  readonly allocated: boolean;
  readonly offset: number;
  readonly sizeBytes: number;
  /** Index of the section it refers to. */
  readonly link: number;
  /** Where its header stands in the file. */
  readonly headerAt: number;
}

export const sectionHeaderBytes = 64;
const allocFlag = 2n;

export function readSections(elf: Buffer): readonly Section[] {
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1) {
    throw new Error('no 64-bit little-endian ELF file');
  }
  const tableAt = Number(elf.readBigUInt64LE(40));
  const count = elf.readUInt16LE(60);
  const headers = Array.from({ length: count }, (_, index) => tableAt + index * sectionHeaderBytes);
  const namesAt = Number(elf.readBigUInt64LE((headers[elf.readUInt16LE(62)] ?? 0) + 24));
  return headers.map((headerAt, index) => ({
    index,
    name: textAt(elf, namesAt + elf.readUInt32LE(headerAt)),
    allocated: (elf.readBigUInt64LE(headerAt + 8) & allocFlag) !== 0n,
    offset: Number(elf.readBigUInt64LE(headerAt + 24)),
    sizeBytes: Number(elf.readBigUInt64LE(headerAt + 32)),
    link: elf.readUInt32LE(headerAt + 40),
    headerAt,
  }));
}

/** The end of what the program headers refer to. */
export function endOfSegments(elf: Buffer): number {
  const tableAt = Number(elf.readBigUInt64LE(32));
  const ends = Array.from({ length: elf.readUInt16LE(56) }, (_, index) => {
    const at = tableAt + index * elf.readUInt16LE(54);
    return Number(elf.readBigUInt64LE(at + 8)) + Number(elf.readBigUInt64LE(at + 32));
  });
  return Math.max(...ends);
}

/** Every version of a library's symbols that the program needs: `GLIBC_2.28`. From .gnu.version_r. */
export function neededVersions(elf: Buffer): readonly string[] {
  const sections = readSections(elf);
  const needed = sections.find(({ name }) => name === '.gnu.version_r');
  const strings = needed && sections[needed.link];
  if (!needed || !strings) throw new Error('the ELF file names no versions');
  const found: string[] = [];
  for (let library = needed.offset, next = 1; next !== 0; library += next) {
    const count = elf.readUInt16LE(library + 2);
    let auxiliary = library + elf.readUInt32LE(library + 8);
    for (let index = 0; index < count; index += 1) {
      found.push(textAt(elf, strings.offset + elf.readUInt32LE(auxiliary + 8)));
      auxiliary += elf.readUInt32LE(auxiliary + 12);
    }
    next = elf.readUInt32LE(library + 12);
  }
  return found;
}

function textAt(octets: Buffer, at: number): string {
  return octets.toString('latin1', at, octets.indexOf(0, at));
}
