// Copies of libtally under another name, or loaded by another path, are not one to the dynamic linker. Each
// has an ELF note that says where its entry is; a copy that starts looks for those of all that are loaded.
// The first to start is libtally for the process, and the others' entries answer with its services.
//
// A note is in the file, so it is found without a name that would have to be exported, and in a copy that is
// not initialised yet: its entry then answers null.
#include "alone.hpp"

#include <elf.h>
#include <link.h>

#include <cstdint>
#include <cstring>

// Name "Tally", type 1; what follows is the distance from there to the entry.
asm(R"(
  .pushsection .note.tally, "a", @note
  .balign 4
  .long 6
  .long 8
  .long 1
  .asciz "Tally"
  .balign 4
  .quad tally_core_entry_here - .
  .popsection
)");

extern "C" const tally_core* TALLY_CALL tally_core_entry_here(std::uint16_t abi_major);

namespace tally::core {
namespace {

constexpr char kName[] = "Tally";
constexpr std::uint32_t kType = 1;

std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

// The entry that a segment of notes tells of, or null.
Entry entry_in(const char* notes, std::size_t size) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes, sizeof note);
    const std::size_t name_at = sizeof note;
    const std::size_t text_at = name_at + padded(note.n_namesz);
    const std::size_t end = text_at + padded(note.n_descsz);
    if (end > size) return nullptr;
    const bool is_ours = note.n_type == kType && note.n_namesz == sizeof kName &&
                         std::memcmp(notes + name_at, kName, sizeof kName) == 0 && note.n_descsz == 8;
    if (is_ours) {
      std::int64_t distance = 0;
      std::memcpy(&distance, notes + text_at, sizeof distance);
      return reinterpret_cast<Entry>(reinterpret_cast<std::intptr_t>(notes + text_at) + distance);
    }
    notes += end;
    size -= end;
  }
  return nullptr;
}

int look_at(dl_phdr_info* file, std::size_t, void* out) {
  for (std::size_t i = 0; i < file->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = file->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const Entry entry =
        entry_in(reinterpret_cast<const char*>(file->dlpi_addr + segment.p_vaddr), segment.p_memsz);
    if (!entry || entry == tally_core_entry_here || !entry(TALLY_ABI_MAJOR)) continue;
    *static_cast<Entry*>(out) = entry;
    return 1;
  }
  return 0;
}

}  // namespace

Entry find_first_copy() noexcept {
  Entry found = nullptr;
  dl_iterate_phdr(look_at, &found);
  return found;
}

}  // namespace tally::core
