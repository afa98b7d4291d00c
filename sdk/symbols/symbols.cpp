// The function, file and line of an address in a file, from its debug information, through elfutils. Called
// by libtally, one thread at a time, when it makes a report.
#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

const Dwfl_Callbacks callbacks = {.find_elf = dwfl_build_id_find_elf,
                                  .find_debuginfo = dwfl_standard_find_debuginfo,
                                  .section_address = dwfl_offline_section_address,
                                  .debuginfo_path = nullptr};

// The file that was asked for last: a report asks for many places of few files.
struct Open {
  Dwfl* dwfl = nullptr;
  Dwfl_Module* module = nullptr;
  char* path = nullptr;

  void close() {
    if (dwfl) dwfl_end(dwfl);
    std::free(path);
    *this = Open();
  }

  bool open(const char* wanted) {
    if (path && std::strcmp(path, wanted) == 0) return module != nullptr;
    close();
    path = strdup(wanted);
    dwfl = dwfl_begin(&callbacks);
    if (!path || !dwfl) return false;
    dwfl_report_begin(dwfl);
    module = dwfl_report_offline(dwfl, wanted, wanted, -1);
    dwfl_report_end(dwfl, nullptr, nullptr);
    return module != nullptr;
  }
};

Open last;

class Text {
 public:
  Text(char* buffer, std::size_t capacity) : buffer_(buffer), capacity_(capacity) { buffer[0] = '\0'; }

  [[gnu::format(printf, 2, 3)]] void add(const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(buffer_ + size_, capacity_ - size_, format, arguments);
    va_end(arguments);
    if (length > 0) size_ += static_cast<std::size_t>(length);
    if (size_ >= capacity_) size_ = capacity_ - 1;
  }
  bool is_empty() const { return size_ == 0; }

 private:
  char* buffer_;
  std::size_t capacity_;
  std::size_t size_ = 0;
};

void add_name(Text& text, const char* name) {
  int status = -1;
  char* const plain = name ? abi::__cxa_demangle(name, nullptr, nullptr, &status) : nullptr;
  text.add("%s", plain ? plain : name ? name : "a function without a name");
  std::free(plain);
}

const char* base_name(const char* path) {
  const char* const slash = std::strrchr(path, '/');
  return slash ? slash + 1 : path;
}

const char* name_of(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  if (Dwarf_Attribute* const linkage = dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute))
    return dwarf_formstring(linkage);
  return dwarf_diename(die);
}

struct Place {
  const char* file = nullptr;
  int line = 0;
};

// Where the function that a scope stands for was called from, which had it inlined.
Place call_of(Dwarf_Die* scope, Dwarf_Die* unit) {
  Place place;
  Dwarf_Attribute attribute;
  Dwarf_Word file = 0;
  Dwarf_Word line = 0;
  Dwarf_Files* files = nullptr;
  if (dwarf_formudata(dwarf_attr(scope, DW_AT_call_file, &attribute), &file) == 0 &&
      dwarf_formudata(dwarf_attr(scope, DW_AT_call_line, &attribute), &line) == 0 &&
      dwarf_getsrcfiles(unit, &files, nullptr) == 0) {
    place.file = dwarf_filesrc(files, file, nullptr, nullptr);
    place.line = static_cast<int>(line);
  }
  return place;
}

void add_frame(Text& text, const char* name, const Place& place) {
  if (!text.is_empty()) text.add(", inlined in ");
  add_name(text, name);
  if (place.file) text.add(" at %s:%d", base_name(place.file), place.line);
}

bool is_function(Dwarf_Die* scope) {
  const int tag = dwarf_tag(scope);
  return tag == DW_TAG_inlined_subroutine || tag == DW_TAG_subprogram;
}

// The innermost first: what the compiler has inlined, each where it was called, then the function. What
// stands around an inlined function is had of the function itself: of the address, libdw says where it was
// written.
void add_chain(Text& text, Dwarf_Die* innermost, Dwarf_Die* unit, Place place) {
  Dwarf_Die* chain = nullptr;
  const int count = dwarf_getscopes_die(innermost, &chain);
  for (int i = 0; i < count; ++i) {
    if (!is_function(&chain[i])) continue;
    add_frame(text, name_of(&chain[i]), place);
    if (dwarf_tag(&chain[i]) == DW_TAG_subprogram) break;
    place = call_of(&chain[i], unit);
  }
  std::free(chain);
}

bool add_scopes(Text& text, Dwfl_Module* module, Dwarf_Addr address, const Place& place) {
  Dwarf_Addr bias = 0;
  Dwarf_Die* const unit = dwfl_module_addrdie(module, address, &bias);
  if (!unit) return false;
  Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes(unit, address - bias, &scopes);
  for (int i = 0; i < count; ++i) {
    if (!is_function(&scopes[i])) continue;
    add_chain(text, &scopes[i], unit, place);
    break;
  }
  std::free(scopes);
  return !text.is_empty();
}

}  // namespace

/// "make at notes.c:12", into `buffer`; "make, inlined in main at notes.c:20"; "main" of a file without debug
/// information. False if nothing is known. `offset` is an address as the file has it.
extern "C" [[gnu::visibility("default")]] int tally_symbols_describe(const char* path, std::uint64_t offset,
                                                                     char* buffer, std::size_t capacity) {
  Text text(buffer, capacity);
  if (!last.open(path)) return 0;
  GElf_Addr bias = 0;
  if (!dwfl_module_getelf(last.module, &bias)) return 0;
  const Dwarf_Addr address = offset + bias;
  Place place;
  if (Dwfl_Line* const line = dwfl_module_getsrc(last.module, address))
    place.file = dwfl_lineinfo(line, nullptr, &place.line, nullptr, nullptr, nullptr);
  if (add_scopes(text, last.module, address, place)) return 1;
  const char* const name = dwfl_module_addrname(last.module, address);
  if (!name && !place.file) return 0;
  add_frame(text, name, place);
  return 1;
}

/// Closes what was opened for describing.
extern "C" [[gnu::visibility("default")]] void tally_symbols_end() {
  last.close();
}
