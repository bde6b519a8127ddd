/** Drops symbols and debug sections, as `strip` does, in octets that do not depend on which binutils a machine has. */
import { endOfSegments, readSections, type Section, sectionHeaderBytes } from './elf.ts';

/** What is loaded stays as and where it is; behind it, only the sections of what is loaded are described. */
export function stripElf(elf: Buffer): Buffer {
  const sections = readSections(elf);
  const kept = sections.filter(({ index, allocated }) => index === 0 || allocated);
  const newIndex = new Map(kept.map(({ index }, at) => [index, at]));
  const names = nameTable(kept);
  const loaded = elf.subarray(0, endOfSegments(elf));
  const tableAt = Math.ceil((loaded.length + names.octets.length) / 8) * 8;
  const headers = kept.map((section, at): Buffer => {
    const header = Buffer.from(
      elf.subarray(section.headerAt, section.headerAt + sectionHeaderBytes),
    );
    header.writeUInt32LE(names.offsets[at] ?? 0, 0);
    header.writeUInt32LE(newIndex.get(section.link) ?? 0, 40);
    const info = header.readUInt32LE(44);
    if (infoIsSection(header)) header.writeUInt32LE(newIndex.get(info) ?? 0, 44);
    return header;
  });
  headers.push(nameTableHeader(names.ownName, loaded.length, names.octets.length));
  const padding = Buffer.alloc(tableAt - loaded.length - names.octets.length);
  const stripped = Buffer.concat([loaded, names.octets, padding, ...headers]);
  stripped.writeBigUInt64LE(BigInt(tableAt), 40);
  stripped.writeUInt16LE(headers.length, 60);
  stripped.writeUInt16LE(headers.length - 1, 62);
  return stripped;
}

/** SHF_INFO_LINK. */
function infoIsSection(header: Buffer): boolean {
  return (header.readBigUInt64LE(8) & 0x40n) !== 0n;
}

function nameTable(sections: readonly Section[]): {
  readonly octets: Buffer;
  readonly offsets: readonly number[];
  readonly ownName: number;
} {
  const all = [...sections.map(({ name }) => name), '.shstrtab'];
  const offsets: number[] = [];
  let length = 1;
  for (const name of all) {
    offsets.push(name === '' ? 0 : length);
    if (name !== '') length += name.length + 1;
  }
  const octets = Buffer.from(`\0${all.filter((name) => name !== '').join('\0')}\0`, 'latin1');
  return { octets, offsets, ownName: offsets.at(-1) ?? 0 };
}

/** SHT_STRTAB, not loaded. */
function nameTableHeader(name: number, offset: number, sizeBytes: number): Buffer {
  const header = Buffer.alloc(sectionHeaderBytes);
  header.writeUInt32LE(name, 0);
  header.writeUInt32LE(3, 4);
  header.writeBigUInt64LE(BigInt(offset), 24);
  header.writeBigUInt64LE(BigInt(sizeBytes), 32);
  header.writeBigUInt64LE(1n, 48);
  return header;
}
