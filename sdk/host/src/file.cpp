// See file.hpp.
#include "file.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace tally::host {
namespace {

// A signal may come in between.
int open_to_read(const char* path) {
  int file = -1;
  do file = open(path, O_RDONLY | O_CLOEXEC);
  while (file < 0 && errno == EINTR);
  return file;
}

bool read_at(int file, void* into, std::size_t size, std::uint64_t offset) {
  ssize_t count = -1;
  do count = pread(file, into, size, static_cast<off_t>(offset));
  while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(size);
}

bool is_elf64(const Elf64_Ehdr& header) {
  return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_ident[EI_CLASS] == ELFCLASS64;
}

bool ends_within_a_segment(int file, std::uint64_t size) {
  Elf64_Ehdr header;
  if (!read_at(file, &header, sizeof header, 0) || !is_elf64(header)) return false;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    if (!read_at(file, &segment, sizeof segment, header.e_phoff + i * sizeof segment)) return true;
    if (segment.p_type == PT_LOAD && segment.p_offset + segment.p_filesz > size) return true;
  }
  return false;
}

}  // namespace

bool is_cut_short(const char* path) noexcept {
  if (!std::strchr(path, '/')) return false;
  const int file = open_to_read(path);
  if (file < 0) return false;
  struct stat status;
  const bool is_cut = fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
                      ends_within_a_segment(file, static_cast<std::uint64_t>(status.st_size));
  close(file);
  return is_cut;
}

}  // namespace tally::host
