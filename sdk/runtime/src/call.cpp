// Failures in words. Everything here runs only after a call has failed.
#include "tally/runtime/call.hpp"

#include <dlfcn.h>
#include <utf8.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>

#include "tally/error.hpp"
#include "tally/runtime/arguments.hpp"
#include "tally/runtime/blob_table.hpp"
#include "tally/runtime/table.hpp"
#include "text.hpp"

namespace tally::runtime {
namespace {

// In place of the thread's last error, which there is none of without libtally.
constinit tally_error error_without_libtally{};

// Where the failure is recorded: the thread's last error.
tally_error& record(tally_status status) noexcept {
  const tally_core* const core = libtally();
  tally_error& error = core ? *core->new_error() : error_without_libtally;
  error.status = status;
  return error;
}

// The text has been written.
tally_status told(Call call, const tally_error& error) noexcept {
  const bool is_refusal = error.status == TALLY_BORROWED || error.status == TALLY_HAS_CHILDREN ||
                          error.status == TALLY_WRONG_THREAD;
  const bool is_misuse = error.status >= TALLY_CONCURRENT_USE && error.status <= TALLY_STALE_HANDLE &&
                         !(call.function.may_ask && is_refusal);
  if (is_misuse) {
    if (const tally_core* const core = libtally()) core->misuse(&error);
  }
  return error.status;
}

// What an author's exception says may be of several lines, or no text at all.
void make_one_line(char* text) {
  for (char* each = text; *each != '\0'; ++each) {
    const auto byte = static_cast<unsigned char>(*each);
    if (byte < 0x20 || byte == 0x7F) *each = ' ';
  }
}

const tally_error& write(Call call, tally_status status, const char* what, const char* detail) noexcept {
  call.function.interface.start();
  tally_error& error = record(status);
  Text(error).add("%s: %s%s", call.function.name, what, detail);
  make_one_line(error.text);
  return error;
}

tally_status fail(Call call, tally_status status, const char* what, const char* detail) noexcept {
  return told(call, write(call, status, what, detail));
}

const char* said_by(const std::exception& error) {
  return error.what()[0] == '\0' ? "of the module's, without a text" : error.what();
}

// A word that was refused, as far as the process knows it.
struct Suspect {
  Word word;
  const tally_table* table;  // of the directory; null: no such table id
  const char* class_name;
  tally_word_state state;
};

Suspect look_up(const tally_core& core, Word word) {
  Suspect suspect{word, &core.directory[table_id(word)], "", {}};
  if (!suspect.table->provider) {
    suspect.state.status = TALLY_NEVER_ISSUED;
    return suspect;
  }
  tally_provider& provider = *suspect.table->provider;
  suspect.class_name = provider.class_name(&provider, suspect.table->class_index);
  provider.inspect(&provider, suspect.table->class_index, word, &suspect.state);
  return suspect;
}

// Whether one is the array of the other: "shop.sample_array" and "shop.sample".
bool is_array_of(const char* array, const char* element) {
  const std::size_t size = std::strlen(element);
  return std::strncmp(array, element, size) == 0 && std::strcmp(array + size, "_array") == 0;
}

// Tokens of other kinds have other functions to give them back with.
bool is_wrong_pair(const Suspect& suspect, const TableBase& table) {
  const std::uint32_t wanted = table.traits().is_view         ? TALLY_TABLE_VIEWS
                               : table.rule() == Rule::anyone ? TALLY_TABLE_BLOBS
                                                              : TALLY_TABLE_TOKENS;
  const std::uint32_t kind =
      suspect.table->kind == TALLY_TABLE_HANDLES ? std::uint32_t{TALLY_TABLE_TOKENS} : suspect.table->kind;
  return kind != wanted || is_array_of(suspect.class_name, table.class_name()) ||
         is_array_of(table.class_name(), suspect.class_name);
}

tally_status misuse_of(const Suspect& suspect, const TableBase& table, Wanted wanted) {
  const tally_table& entry = *suspect.table;
  if (!entry.provider) {
    const bool was_issued = entry.floor != 0 && generation(suspect.word) < entry.floor && suspect.word != 0;
    if (!was_issued) return TALLY_NEVER_ISSUED;
    return wanted == Wanted::token ? TALLY_ALREADY_DESTROYED : TALLY_STALE_HANDLE;
  }
  if (suspect.state.status == TALLY_NEVER_ISSUED) return TALLY_NEVER_ISSUED;
  if (std::strcmp(suspect.class_name, table.class_name()) != 0) {
    return wanted == Wanted::token && is_wrong_pair(suspect, table) ? TALLY_WRONG_PAIR : TALLY_WRONG_CLASS;
  }
  if (entry.provider != table.interface().provider()) return TALLY_WRONG_MODULE;
  if (wanted == Wanted::token && entry.kind == TALLY_TABLE_HANDLES) return TALLY_NOT_OWNER;
  if (suspect.state.status != TALLY_OK) {
    const bool is_gone = suspect.state.status == TALLY_ALREADY_DESTROYED;
    return is_gone && wanted == Wanted::object ? TALLY_STALE_HANDLE : suspect.state.status;
  }
  // It has just been ended by another thread, which is about to revoke its words.
  if (table.is_shareable()) return wanted == Wanted::token ? TALLY_ALREADY_DESTROYED : TALLY_STALE_HANDLE;
  return TALLY_WRONG_THREAD;
}

// The class of a token of this module's; null if it is another module's.
const TableBase* own_class(const Suspect& suspect, const TableBase& table) {
  Interface& interface = table.interface();
  return suspect.table->provider == interface.provider() ? &interface.table(suspect.table->class_index)
                                                         : nullptr;
}

// What is to be done with a token of another kind.
void name_the_pair(Text& text, const Suspect& suspect, const TableBase& table) {
  if (suspect.table->kind == TALLY_TABLE_BLOBS) {
    text.add("free a blob with tally_blob_free");
  } else if (suspect.table->kind == TALLY_TABLE_VIEWS) {
    text.add("close a view with tally_view_close");
  } else if (const TableBase* const own = own_class(suspect, table)) {
    const char* const name = std::strchr(suspect.class_name, '.');
    text.add("give it to %s_%s_%s", own->interface().name(), name ? name + 1 : suspect.class_name,
             own->traits().is_counted ? "release" : "destroy");
  } else {
    text.add("destroy an object with its class's destroy function");
  }
}

void explain_not_owner(Text& text, const Suspect& suspect, const char* wanted, const char* parameter) {
  if (suspect.table->kind == TALLY_TABLE_HANDLES) {
    text.add(
        "not the owner: '%s' is a handle of a %s; only the token that its creator returned can give it back",
        parameter, wanted);
  } else {
    text.add("not the owner: the token in '%s' of a %s has been given away", parameter, wanted);
  }
}

void explain_wrong_pair(Text& text, const Suspect& suspect, const TableBase& table, const char* parameter) {
  if (suspect.table->kind == TALLY_TABLE_HANDLES) {
    text.add("wrong pair: '%s' is a handle of a %s, and no token; %s", parameter, suspect.class_name,
             is_array_of(table.class_name(), suspect.class_name)
                 ? "an element ends with its array, whose token this function takes"
                 : "only the token that its creator returned can give it back");
    return;
  }
  text.add("wrong pair: '%s' is the token of a %s, which this function does not take back; ", parameter,
           suspect.class_name);
  name_the_pair(text, suspect, table);
}

void explain(Text& text, const tally_core& core, tally_status status, const Suspect& suspect,
             const TableBase& table, const char* parameter) {
  const char* const wanted = table.class_name();
  // Others may keep the object alive.
  const bool is_reference = table.traits().is_counted && suspect.table->kind == TALLY_TABLE_TOKENS;
  switch (status) {
    case TALLY_STALE_HANDLE:
      if (is_reference) {
        text.add("stale handle: '%s' is a reference to a %s, and has been released", parameter, wanted);
      } else {
        text.add("stale handle: '%s' names a %s that has been destroyed", parameter, wanted);
      }
      break;
    case TALLY_ALREADY_DESTROYED:
      if (is_reference) {
        text.add("already destroyed: the reference in '%s' to a %s has been released", parameter, wanted);
      } else {
        text.add("already destroyed: the token in '%s' of a %s has been spent", parameter, wanted);
      }
      break;
    case TALLY_NOT_OWNER:
      explain_not_owner(text, suspect, wanted, parameter);
      break;
    case TALLY_WRONG_PAIR:
      explain_wrong_pair(text, suspect, table, parameter);
      break;
    case TALLY_GONE_WITH_PARENT:
      text.add("gone with parent: '%s' names a %s that ended when its parent was destroyed", parameter,
               wanted);
      break;
    case TALLY_WRONG_CLASS:
      text.add("wrong class: '%s' names a %s of module %s, not a %s", parameter, suspect.class_name,
               suspect.table->provider->name, wanted);
      break;
    case TALLY_WRONG_MODULE:
      text.add(
          "wrong module: '%s' names a %s that module %s made, and this is module %s; call it through the "
          "table of its own "
          "module",
          parameter, wanted, suspect.table->provider->name, table.interface().module());
      break;
    case TALLY_WRONG_THREAD:
      text.add("wrong thread: '%s' names a %s that another thread created, and the class is confined to it",
               parameter, wanted);
      break;
    default:
      text.add(
          "never issued: no creator in this process returned 0x%llx, which '%s' is; pass what a creator of "
          "%s returned",
          static_cast<unsigned long long>(suspect.word), parameter, wanted);
      return;
  }
  text.add_site(core, "; created at ", suspect.state.created);
  text.add_site(core, status == TALLY_NOT_OWNER ? ", given away at " : ", given back at ",
                suspect.state.retired);
}

}  // namespace

tally_status null_argument(Call call, const char* parameter) noexcept {
  char detail[200];
  std::snprintf(detail, sizeof detail, "'%s' is null", parameter);
  return fail(call, TALLY_NULL_ARGUMENT, "null argument: ", detail);
}

tally_status invalid_argument(Call call, const char* parameter, const char* why) noexcept {
  char detail[300];
  std::snprintf(detail, sizeof detail, "'%s' %s", parameter, why);
  return fail(call, TALLY_INVALID_ARGUMENT, "invalid argument: ", detail);
}

tally_status impossible_size(Call call, const char* parameter, std::size_t size) noexcept {
  if (size == TALLY_NUL_TERMINATED) {
    return invalid_argument(call, parameter,
                            "is bytes, and TALLY_NUL_TERMINATED is for text; pass how many there are");
  }
  char why[120];
  std::snprintf(why, sizeof why, "has a size of %zu, which no memory has; pass how many bytes there are",
                size);
  return invalid_argument(call, parameter, why);
}

tally_status lent_and_given(Call call, const char* given, const char* lent) noexcept {
  char detail[300];
  std::snprintf(detail, sizeof detail,
                "'%s' gives away the object that the same call borrows as '%s'; pass another", given, lent);
  return fail(call, TALLY_BORROWED, "borrowed: ", detail);
}

tally_status given_twice(Call call, const char* first, const char* second) noexcept {
  char detail[300];
  std::snprintf(detail, sizeof detail,
                "'%s' gives the same token as '%s', and only one can take it; pass another", second, first);
  return fail(call, TALLY_NOT_OWNER, "not the owner: ", detail);
}

tally_status no_such_choice(Call call, const char* parameter, std::int32_t value,
                            const char* names) noexcept {
  char why[600];
  std::snprintf(why, sizeof why, "is %d, which is not one of the values of its enum: %s", value, names);
  return invalid_argument(call, parameter, why);
}

tally_status beyond_the_end(Call call, std::uint64_t index, std::uint64_t size) noexcept {
  char why[120];
  std::snprintf(why, sizeof why, "is %llu, beyond the end of an array of %llu",
                static_cast<unsigned long long>(index), static_cast<unsigned long long>(size));
  return invalid_argument(call, "index", why);
}

tally_status other_methods(Call call, const tally_table_header& header) noexcept {
  char detail[300];
  std::snprintf(
      detail, sizeof detail,
      "'methods' is of version %u.%u with %u bytes, and this module knows %u.x; begin it with what the "
      "generated header gives: its size, major and minor version",
      header.major, header.minor, header.size, call.function.interface.major());
  return fail(call, TALLY_VERSION_MISMATCH, "version mismatch: ", detail);
}

tally_status not_utf8(Call call, const char* parameter, std::string_view text) noexcept {
  char detail[200];
  std::snprintf(detail, sizeof detail, "'%s' is text, and must be UTF-8, which it is not from byte %zu on",
                parameter, utf8_length(text.data(), text.size()));
  return fail(call, TALLY_NOT_UTF8, "not UTF-8: ", detail);
}

tally_status borrowed(Call call, const char* class_name, const char* why) noexcept {
  char detail[300];
  std::snprintf(detail, sizeof detail, "the %s is in use: %s; nothing has changed", class_name, why);
  return fail(call, TALLY_BORROWED, "borrowed: ", detail);
}

tally_status concurrent_use(Call call, const char* parameter, const char* class_name) noexcept {
  char detail[400];
  std::snprintf(detail, sizeof detail,
                "another thread is inside '%s', and one at a time may use a %s; let one wait for the other",
                parameter, class_name);
  return fail(call, TALLY_CONCURRENT_USE, "concurrent use: ", detail);
}

tally_status is_on_realtime_thread(Call call, const char* class_name) noexcept {
  char detail[300];
  std::snprintf(
      detail, sizeof detail,
      "this thread is real-time, and the destructor of a %s does not run on it; destroy hands it to "
      "another thread",
      class_name);
  return fail(call, TALLY_WRONG_THREAD, "wrong thread: ", detail);
}

tally_status has_children(Call call, const char* class_name, const char* children) noexcept {
  char detail[600];
  std::snprintf(detail, sizeof detail, "the %s has %s; destroy them first, or let destroy defer the end",
                class_name, children);
  return fail(call, TALLY_HAS_CHILDREN, "has children: ", detail);
}

tally_status parent_is_gone(Call call) noexcept {
  return fail(call, TALLY_GONE_WITH_PARENT,
              "gone with parent: ", "its parent was destroyed while the object was being made");
}

tally_status not_resizable(Call call) noexcept {
  return fail(
      call, TALLY_NOT_SUPPORTED, "not supported: ",
      "a call returned this blob, in a container of its module's, which can't be resized; only what was "
      "allocated can");
}

tally_status worn_out(Call call) noexcept {
  return fail(call, TALLY_LIMIT_REACHED, "limit reached: ",
              "the blob has changed hands millions of times, and can't once more; give a copy of it");
}

tally_status not_implemented(Call call, const char* what) noexcept {
  char detail[300];
  std::snprintf(detail, sizeof detail, "'%s' has no function to call", what);
  return fail(call, TALLY_NULL_ARGUMENT, "null argument: ", detail);
}

namespace {

tally_status other_libtally(Call call) noexcept {
  Dl_info file{};
  dladdr(reinterpret_cast<void*>(&tally_core_entry), &file);
  char detail[600];
  int length =
      std::snprintf(detail, sizeof detail, "this module needs a libtally of ABI %u.%u, and %s is of ",
                    TALLY_ABI_MAJOR, TALLY_ABI_MINOR, file.dli_fname ? file.dli_fname : "that here");
  length = std::min(length, static_cast<int>(sizeof detail) - 1);
  char* const rest = detail + length;
  const std::size_t room = sizeof detail - static_cast<std::size_t>(length);
  if (const tally_core* const core = tally_core_entry(TALLY_ABI_MAJOR)) {
    std::snprintf(rest, room, "%u.%u (release %s); let the newer one be loaded first", core->abi_major,
                  core->abi_minor, core->release);
  } else {
    std::snprintf(rest, room, "another major; use modules of one major in one process");
  }
  return fail(call, TALLY_VERSION_MISMATCH, "version mismatch: ", detail);
}

}  // namespace

tally_status exhausted(Call call, tally_status status) noexcept {
  if (status == TALLY_LIMIT_REACHED) {
    const Interface& interface = call.function.interface;
    if (!interface.is_full()) {
      return fail(call, status, "limit reached: ",
                  "the table ids of this process are used up; unload modules to have more");
    }
    char detail[300];
    std::snprintf(detail, sizeof detail,
                  "%llu objects, blobs and views of module %s live, and its host allows %llu at once; give "
                  "some back first",
                  static_cast<unsigned long long>(live_in_module()), interface.module(),
                  static_cast<unsigned long long>(interface.memory().most_handles()));
    return fail(call, status, "limit reached: ", detail);
  }
  if (status == TALLY_VERSION_MISMATCH) {
    return other_libtally(call);
  }
  return fail(call, status, "out of memory: ", "no memory is left for one more object");
}

tally_status refuse(Call call, const TableBase& table, const char* parameter, Word word,
                    Wanted wanted) noexcept {
  if (word == 0) return null_argument(call, parameter);
  if (const tally_status status = call.function.interface.start(); status < 0) return exhausted(call, status);
  const tally_core& core = *call.function.interface.core();
  const Suspect suspect = look_up(core, word);
  const tally_status status = misuse_of(suspect, table, wanted);
  tally_error& error = record(status);
  Text text(error);
  text.add("%s: ", call.function.name);
  explain(text, core, status, suspect, table, parameter);
  return told(call, error);
}

tally_status caught(Call call) noexcept {
  try {
    throw;
  } catch (const Failed& failed) {
    return failed.status;
  } catch (const InterfaceError& error) {
    // Another interface's error is an exception like any other: its status has no meaning here.
    if (std::strcmp(error.interface(), call.function.interface.name()) != 0) {
      return fail(call, TALLY_EXCEPTION, "exception: ", said_by(error));
    }
    char name[80];
    std::snprintf(name, sizeof name, "%s: ", error.name());
    return fail(call, error.status(), name, said_by(error));
  } catch (const CallbackError& error) {
    return write(call, error.status(), "", error.what()).status;  // a misuse was told of where it was made
  } catch (const NotUtf8& text) {
    char detail[200];
    std::snprintf(detail, sizeof detail,
                  "the module's result is text, and must be UTF-8, which it is not from byte %zu on; this is "
                  "the module's fault",
                  text.at);
    return fail(call, TALLY_NOT_UTF8, "not UTF-8: ", detail);
  } catch (const NoSuchChoice& error) {
    char detail[600];
    std::snprintf(
        detail, sizeof detail,
        "the module returned %d, which is not one of the values of its enum: %s; this is the module's "
        "fault",
        error.value, error.names);
    return fail(call, TALLY_EXCEPTION, "exception: ", detail);
  } catch (const LimitReached& limit) {
    char detail[300];
    std::snprintf(detail, sizeof detail,
                  "%llu bytes more are wanted, module %s holds %llu, and its host allows %llu at once; give "
                  "some back first",
                  static_cast<unsigned long long>(limit.wanted), call.function.interface.module(),
                  static_cast<unsigned long long>(limit.held), static_cast<unsigned long long>(limit.most));
    return fail(call, TALLY_LIMIT_REACHED, "limit reached: ", detail);
  } catch (const std::bad_alloc&) {
    return fail(call, TALLY_OUT_OF_MEMORY, "out of memory", "");
  } catch (const std::invalid_argument& error) {
    return fail(call, TALLY_INVALID_ARGUMENT, "invalid argument: ", said_by(error));
  } catch (...) {
    return caught_from_destructor(call);
  }
}

tally_status caught_from_destructor(Call call) noexcept {
  try {
    throw;
  } catch (const std::exception& error) {
    return fail(call, TALLY_EXCEPTION, "exception: ", said_by(error));
  } catch (...) {
    return fail(call, TALLY_EXCEPTION, "exception: ", "of a type that does not derive from std::exception");
  }
}

std::nullptr_t no_object(Call, tally_error* error) noexcept {
  const tally_core* const core = libtally();
  if (error) *error = core ? *core->last_error() : error_without_libtally;
  return nullptr;
}

const char* words_of(tally_status status) noexcept {
  switch (status) {
    case TALLY_STALE_HANDLE:
      return "stale handle";
    case TALLY_ALREADY_DESTROYED:
      return "already destroyed";
    case TALLY_GONE_WITH_PARENT:
      return "gone with parent";
    case TALLY_WRONG_CLASS:
      return "wrong class";
    case TALLY_WRONG_PAIR:
      return "wrong pair";
    case TALLY_WRONG_MODULE:
      return "wrong module";
    case TALLY_NEVER_ISSUED:
      return "never issued";
    case TALLY_NOT_OWNER:
      return "not the owner";
    case TALLY_BORROWED:
      return "borrowed";
    case TALLY_HAS_CHILDREN:
      return "has children";
    case TALLY_WRONG_THREAD:
      return "wrong thread";
    case TALLY_CONCURRENT_USE:
      return "concurrent use";
    case TALLY_OUT_OF_MEMORY:
      return "out of memory";
    case TALLY_LIMIT_REACHED:
      return "limit reached";
    case TALLY_INVALID_ARGUMENT:
      return "invalid argument";
    case TALLY_NULL_ARGUMENT:
      return "null argument";
    case TALLY_NOT_UTF8:
      return "not UTF-8";
    case TALLY_VERSION_MISMATCH:
      return "version mismatch";
    case TALLY_NOT_SUPPORTED:
      return "not supported";
    case TALLY_EXCEPTION:
      return "exception";
    case TALLY_SYSTEM_ERROR:
      return "system error";
    default:
      return nullptr;
  }
}

// Most text is ASCII, which needs no more than a look at its high bits, eight bytes at a time.
bool is_utf8(const char* text, std::size_t size) noexcept {
  const char* const end = text + size;
  for (std::uint64_t eight = 0; end - text >= 8; text += 8) {
    std::memcpy(&eight, text, 8);
    if (eight & 0x8080808080808080) break;
  }
  return utf8::is_valid(text, end);
}

std::size_t utf8_length(const char* text, std::size_t size) noexcept {
  return static_cast<std::size_t>(utf8::find_invalid(text, text + size) - text);
}

}  // namespace tally::runtime
