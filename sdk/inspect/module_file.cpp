// See module_file.hpp.
#include "inspect/module_file.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace tally::inspect {
namespace {

struct Descriptor {
  explicit Descriptor(const char* path) : number(open(path, O_RDONLY | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
  int number;
};

using ElfFile = std::unique_ptr<Elf, decltype(&elf_end)>;

// The data of a section; null if it can't be read.
Elf_Data* data_of(Elf_Scn* section) {
  Elf_Data* const data = elf_getdata(section, nullptr);
  return data && data->d_buf ? data : nullptr;
}

void add_descriptors(const Elf_Data& data, std::vector<std::string>& descriptors) {
  const char* at = static_cast<const char*>(data.d_buf);
  const char* const end = at + data.d_size;
  while (at < end) {
    const char* const stop = std::find(at, end, '\0');
    if (stop != at) descriptors.emplace_back(at, stop);  // alignment leaves empty ones
    at = stop + (stop < end ? 1 : 0);
  }
}

void add_exports(Elf* elf, const GElf_Shdr& header, Elf_Data& data, std::vector<std::string>& exports) {
  const std::size_t count = header.sh_entsize ? header.sh_size / header.sh_entsize : 0;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Sym symbol;
    if (!gelf_getsym(&data, static_cast<int>(i), &symbol)) return;
    const bool is_local = GELF_ST_BIND(symbol.st_info) == STB_LOCAL;
    const bool is_defined = symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS;
    const char* const name = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (is_defined && !is_local && name && *name) exports.emplace_back(name);
  }
}

ModuleFile read_sections(Elf* elf) {
  ModuleFile module;
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0) return module;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section; section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header)) continue;
    const char* const name = elf_strptr(elf, names, header.sh_name);
    Elf_Data* const data = data_of(section);
    if (!name || !data) continue;
    if (std::strcmp(name, ".tallystick") == 0) add_descriptors(*data, module.descriptors);
    if (header.sh_type == SHT_DYNSYM) add_exports(elf, header, *data, module.exports);
  }
  std::ranges::sort(module.exports);
  return module;
}

}  // namespace

Read read_module(const std::string& path) {
  const Descriptor file(path.c_str());
  if (file.number < 0) return {std::nullopt, std::string("can't be opened: ") + std::strerror(errno)};
  elf_version(EV_CURRENT);
  const ElfFile elf(elf_begin(file.number, ELF_C_READ, nullptr), elf_end);
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF) {
    return {std::nullopt, "not a module: it is no shared library (ELF file), or is cut short"};
  }
  ModuleFile module = read_sections(elf.get());
  if (module.descriptors.empty()) {
    return {std::nullopt, "not a module: it has no section .tallystick, which the generated glue puts there"};
  }
  return {std::move(module), ""};
}

}  // namespace tally::inspect
