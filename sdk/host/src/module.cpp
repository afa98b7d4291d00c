// Loading a module, agreeing with it, and letting it go.
#include "tally/module.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "failure.hpp"
#include "file.hpp"
#include "library.hpp"
#include "tally/host.h"

using tally::host::core;
using tally::host::fail;

struct tally_module {
  tally_module* next;  // of those that are loaded
  bool is_closing;
  tally::host::Library* library;
  tally_module_entry_function entry;
  tally_status(TALLY_CALL* close)(tally_error* error);
  char* name;
  char* path;
};

namespace {

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;  // a std::mutex would want the C++ runtime library
tally_module* first = nullptr;

struct Locked {
  Locked() { pthread_mutex_lock(&lock); }
  ~Locked() { pthread_mutex_unlock(&lock); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
};

// A pointer is looked for before it is followed: it may be that of a module which has been unloaded. Under
// the lock; null if it is none of ours.
tally_module** link_to(const tally_module* module) {
  tally_module** link = &first;
  while (*link && *link != module) link = &(*link)->next;
  return *link ? link : nullptr;
}

void add(tally_module* module) {
  const Locked locked;
  module->next = first;
  first = module;
}

// Whether the module is there, and no other thread is about to unload it.
bool begin_closing(const tally_module* module) {
  const Locked locked;
  tally_module** const link = link_to(module);
  if (!link || (*link)->is_closing) return false;
  (*link)->is_closing = true;
  return true;
}

void end_closing(tally_module* module, bool has_closed) {
  const Locked locked;
  module->is_closing = false;
  if (has_closed) *link_to(module) = module->next;
}

tally_module_offer offer_of(const char* interface, std::uint16_t major, std::uint16_t minor,
                            const tally_module_options* options) {
  return {sizeof(tally_module_offer), TALLY_ABI_MAJOR, TALLY_ABI_MINOR, interface, major, minor, 0, options};
}

tally_module_answer no_answer() {
  tally_module_answer answer{};
  answer.size = sizeof answer;
  return answer;
}

const char* reason_of_loader(const char* path) {
  const char* const reason = dlerror();
  if (!reason) return "unknown reason";
  // The loader names the file too; once is enough.
  const std::size_t length = std::strlen(path);
  return std::strncmp(reason, path, length) == 0 && reason[length] == ':' ? reason + length + 2 : reason;
}

const char* file_of(void* library, const char* otherwise) {
  link_map* map = nullptr;
  return dlinfo(library, RTLD_DI_LINKMAP, &map) == 0 && map && map->l_name[0] ? map->l_name : otherwise;
}

// The library's own entry. dlsym also finds that of a module which the library is only linked to.
tally_module_entry_function entry_of(void* library) {
  void* const entry = dlsym(library, TALLY_MODULE_ENTRY_NAME);
  Dl_info info;
  void* where = nullptr;
  link_map* own = nullptr;
  const bool is_known = entry && dladdr1(entry, &info, &where, RTLD_DL_LINKMAP) != 0 &&
                        dlinfo(library, RTLD_DI_LINKMAP, &own) == 0;
  return is_known && where == own ? reinterpret_cast<tally_module_entry_function>(entry) : nullptr;
}

// Offers our ABI and opens; on failure *error says why.
bool open(tally_module& module, const tally_module_options* options, tally_error* error) {
  const tally_module_offer offer = offer_of(nullptr, 0, 0, options);
  tally_module_answer answer = no_answer();
  const tally_status status = module.entry(&offer, &answer);
  if (status == TALLY_VERSION_MISMATCH || (status >= 0 && answer.abi_major != TALLY_ABI_MAJOR)) {
    if (answer.close) answer.close(nullptr);
    fail(error, TALLY_VERSION_MISMATCH,
         "%s: version mismatch: the module has Tallystick ABI %u.%u, this host %u.%u; rebuild the older of "
         "the two",
         module.path, answer.abi_major, answer.abi_minor, TALLY_ABI_MAJOR, TALLY_ABI_MINOR);
    return false;
  }
  if (status == TALLY_INVALID_ARGUMENT) {
    fail(
        error, status,
        "%s: invalid argument: the module is in use already, with another allocator; what was allocated with "
        "one must be freed with it: open it with this allocator before anything of it lives",
        module.path);
    return false;
  }
  if (status < 0 || !answer.close) {
    fail(error, status < 0 ? status : TALLY_NOT_SUPPORTED, "%s: the module refused to open: %s", module.path,
         tally_status_text(status));
    return false;
  }
  module.close = answer.close;
  module.name = strdup(answer.name ? answer.name : "");
  if (module.name) return true;
  module.close(nullptr);
  fail(error, TALLY_OUT_OF_MEMORY, "%s: out of memory", module.path);
  return false;
}

// Takes over the loader's handle; null, and the library closed, when out of memory.
tally_module* describe(void* handle, const char* path) {
  auto* const module = static_cast<tally_module*>(std::calloc(1, sizeof(tally_module)));
  char* const file = strdup(file_of(handle, path));
  tally::host::Library* const library = tally::host::acquire_library(handle);
  if (module && file && library) {
    module->library = library;
    module->path = file;
    return module;
  }
  std::free(module);
  std::free(file);
  library ? tally::host::release_library(library) : static_cast<void>(dlclose(handle));
  return nullptr;
}

void discard(tally_module* module) {
  tally::host::release_library(module->library);
  std::free(module->name);
  std::free(module->path);
  std::free(module);
}

tally_status refuse_table(const tally_module& module, const tally_interface& own, tally_status status,
                          const tally_module_answer& answer, tally_error* error) {
  if (status == TALLY_VERSION_MISMATCH) {
    return fail(error, status,
                "%s: version mismatch: the module has %s %u.%u, this host was compiled for %s %u.%u; majors "
                "must be equal",
                module.path, own.name, answer.interface_major, answer.interface_minor, own.name,
                own.table->major, own.table->minor);
  }
  if (status == TALLY_NOT_SUPPORTED) {
    return fail(error, status, "%s: not supported: the module has no interface %s; it has %s", module.path,
                own.name, answer.interfaces ? answer.interfaces : "none");
  }
  return fail(error, status, "%s: the module did not give its table of %s: %s", module.path, own.name,
              tally_status_text(status));
}

// The first function that both have and that does not mean the same to both; null if there is none.
const tally_function* changed_function(const tally_interface& own, const tally_interface& theirs) {
  for (std::uint32_t i = 0; i < own.function_count && i < theirs.function_count; ++i) {
    const bool is_same = own.functions[i].hash == theirs.functions[i].hash &&
                         std::strcmp(own.functions[i].name, theirs.functions[i].name) == 0;
    if (!is_same) return &own.functions[i];
  }
  return nullptr;
}

struct Numbers {
  const tally_number* first;
  std::uint32_t count;
};

// An interface of an earlier release ends before them.
Numbers numbers_of(const tally_interface& of) {
  const bool has_some = of.size >= offsetof(tally_interface, number_count) + sizeof of.number_count;
  return has_some ? Numbers{of.numbers, of.number_count} : Numbers{nullptr, 0};
}

// "errors." or "enums.mode.": numbers of one group have names and values of their own.
std::size_t group_length(const char* name) {
  const char* const dot = std::strrchr(name, '.');
  return dot ? static_cast<std::size_t>(dot - name) + 1 : 0;
}

bool has_same_name(const tally_number& a, const tally_number& b) {
  return std::strcmp(a.name, b.name) == 0;
}

// Whether one name has two values, or one value two names.
bool contradict(const tally_number& a, const tally_number& b) {
  const std::size_t length = group_length(a.name);
  const bool is_one_group = length == group_length(b.name) && std::strncmp(a.name, b.name, length) == 0;
  return is_one_group && has_same_name(a, b) != (a.value == b.value);
}

// The first of their numbers that contradicts this one of ours, which is mostly found where ours is; null if
// there is none.
const tally_number* contradiction(const tally_number& own, std::uint32_t at, const Numbers& theirs) {
  if (at < theirs.count && own.value == theirs.first[at].value && has_same_name(own, theirs.first[at]))
    return nullptr;
  for (std::uint32_t i = 0; i < theirs.count; ++i)
    if (contradict(own, theirs.first[i])) return &theirs.first[i];
  return nullptr;
}

tally_status refuse_number(const tally_module& module, const tally_interface& own,
                           const tally_module_answer& answer, const tally_number& our_number,
                           const tally_number& their_number, tally_error* error) {
  return fail(error, TALLY_VERSION_MISMATCH,
              "%s: version mismatch: %s is %d in the %s %u.%u that this host was compiled with, and in the "
              "module's %u.%u %s is %d; one of them was changed without a new major version",
              module.path, our_number.name, our_number.value, own.name, own.table->major, own.table->minor,
              answer.interface_major, answer.interface_minor, their_number.name, their_number.value);
}

// Whether errors and values of enums have one number on both sides; if not, *error names the first that has
// not.
bool agree_on_numbers(const tally_module& module, const tally_interface& own,
                      const tally_module_answer& answer, tally_error* error) {
  const Numbers ours = numbers_of(own);
  const Numbers theirs = numbers_of(*answer.interface);
  for (std::uint32_t i = 0; i < ours.count; ++i) {
    const tally_number* const other = contradiction(ours.first[i], i, theirs);
    if (!other) continue;
    refuse_number(module, own, answer, ours.first[i], *other, error);
    return false;
  }
  return true;
}

}  // namespace

extern "C" tally_module* tally_module_load(const char* path, tally_error* error) {
  return tally_module_load_with(path, nullptr, error);
}

extern "C" tally_module* tally_module_load_with(const char* path, const tally_module_options* options,
                                                tally_error* error) {
  if (!path) {
    fail(error, TALLY_NULL_ARGUMENT, "tally_module_load: null argument: 'path' is null");
    return nullptr;
  }
  if (path[0] == '\0') {
    fail(error, TALLY_INVALID_ARGUMENT,
         "tally_module_load: invalid argument: 'path' is empty; pass the file of a module");
    return nullptr;
  }
  const tally_allocator* const allocator = options ? options->allocator : nullptr;
  if (allocator && (!allocator->allocate || !allocator->free)) {
    fail(error, TALLY_NULL_ARGUMENT,
         "tally_module_load_with: null argument: the allocator's '%s' is null; only 'reallocate' may be",
         allocator->allocate ? "free" : "allocate");
    return nullptr;
  }
  if (!core()) {
    fail(error, TALLY_VERSION_MISMATCH,
         "%s: version mismatch: the libtally of this process is not of ABI major %u", path, TALLY_ABI_MAJOR);
    return nullptr;
  }
  if (tally::host::is_cut_short(path)) {
    fail(error, TALLY_SYSTEM_ERROR, "%s: cannot be loaded: the file is cut short; install the module again",
         path);
    return nullptr;
  }
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fail(error, TALLY_SYSTEM_ERROR, "%s: cannot be loaded: %s", path, reason_of_loader(path));
    return nullptr;
  }
  const tally_module_entry_function entry = entry_of(library);
  if (!entry) {
    fail(error, TALLY_NOT_SUPPORTED, "%s: not a Tallystick module: it does not export %s", path,
         TALLY_MODULE_ENTRY_NAME);
    dlclose(library);
    return nullptr;
  }
  tally_module* const module = describe(library, path);
  if (!module) {
    fail(error, TALLY_OUT_OF_MEMORY, "%s: out of memory", path);
    return nullptr;
  }
  module->entry = entry;
  if (!open(*module, options, error)) {
    discard(module);
    return nullptr;
  }
  add(module);
  return module;
}

extern "C" const tally_table_header* tally_module_table(tally_module* module, const tally_interface* own,
                                                        tally_error* error) {
  if (!module || !own) {
    fail(error, TALLY_NULL_ARGUMENT, "tally_module_table: null argument: '%s' is null",
         !module ? "module" : "own");
    return nullptr;
  }
  const tally_module_offer offer = offer_of(own->name, own->table->major, own->table->minor, nullptr);
  tally_module_answer answer = no_answer();
  const tally_status status = module->entry(&offer, &answer);
  if (status >= 0) answer.close(nullptr);  // the module stays open by our first opening
  if (status < 0 || !answer.interface) {
    refuse_table(*module, *own, status < 0 ? status : TALLY_NOT_SUPPORTED, answer, error);
    return nullptr;
  }
  if (const tally_function* const changed = changed_function(*own, *answer.interface)) {
    fail(error, TALLY_VERSION_MISMATCH,
         "%s: version mismatch: %s.%s is not the same function in the module's %s %u.%u and in the %u.%u "
         "that this host "
         "was compiled with; one of them was changed without a new major version",
         module->path, own->name, changed->name, own->name, answer.interface_major, answer.interface_minor,
         own->table->major, own->table->minor);
    return nullptr;
  }
  if (!agree_on_numbers(*module, *own, answer, error)) return nullptr;
  const tally_table_header& table = *answer.interface->table;
  if (table.size >= own->table->size) return &table;
  const tally_table_header* const whole = tally::host::lengthen(*module->library, table, *own->table);
  if (!whole) fail(error, TALLY_OUT_OF_MEMORY, "%s: out of memory", module->path);
  return whole;
}

extern "C" tally_status tally_module_unload(tally_module* module) {
  if (!module) return TALLY_OK;
  if (!begin_closing(module)) {
    return fail(nullptr, TALLY_ALREADY_DESTROYED,
                "tally_module_unload: already destroyed: 'module' is not loaded: it was unloaded before, or "
                "tally_module_load never returned it");
  }
  tally_error error;
  const tally_status status = module->close(&error);
  end_closing(module, status >= 0);
  if (status < 0) return fail(nullptr, status, "%s: %s", module->path, error.text);
  discard(module);
  return status;
}

extern "C" const char* tally_module_name(const tally_module* module) {
  return module ? module->name : "";
}
extern "C" const char* tally_module_path(const tally_module* module) {
  return module ? module->path : "";
}

extern "C" tally_status tally_not_supported(const char* function, const char* since, tally_error* error) {
  return fail(error, TALLY_NOT_SUPPORTED,
              "%s: not supported: it came with version %s of the interface, and this module is older; ask "
              "with TALLY_HAS before "
              "the call, or use a newer module",
              function, since);
}
